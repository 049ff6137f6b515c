#!/bin/sh
# completion.sh - what shells offer behind a half-typed command line.
. "$(dirname "$0")/lib.sh"
completion=$source_dir/contrib/completion

# offers WORD...: the last one is being typed. Prints what bash would offer, in one line.
offers() {
	bash -c '
		. "$1"
		program=$2
		shift 2
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_mxprobe "$program"
		printf "%s " "${COMPREPLY[@]}"
	' bash "$completion/bash/mxprobe" "$mxprobe" mxprobe "$@"
}

if command -v bash >/dev/null; then
	same 'bash: a command' 'check ' "$(offers ch)"
	same 'bash: a global option' '--verbose --version ' "$(offers --ver)"
	same 'bash: an option of the command' '--depth ' "$(offers check --de)"
	same 'bash: an option behind others' '--timeout ' "$(offers check --source 127.0.0.2 --tim)"
	same 'bash: the words that a value may be' 'json ' "$(offers check --format j)"
	same 'bash: nothing where nobody can know' ' ' "$(offers check --helo '')"
	: >"$work/anchor.key"
	same 'bash: a file' "$work/anchor.key " "$(offers check --trust-anchor "$work/an")"
else
	skip 'bash completion' 'bash is not installed'
fi

# zsh's own functions replaced by ones that print what they are given; the last word is typed.
zsh_offers() {
	zsh -fc '
		compadd() { shift; print -r -- $@ }
		_describe() { print -r -- ${(P)2} }
		script=$1; shift
		words=("$@"); CURRENT=$#
		source $script
	' zsh "$completion/zsh/_mxprobe" "$mxprobe" "$@"
}

if command -v zsh >/dev/null; then
	case $(zsh_offers '') in
	*check:*--version*) ok 'zsh: commands and global options' ;;
	*) not_ok 'zsh: commands and global options' "$(zsh_offers '')" ;;
	esac
	case $(zsh_offers check --) in
	*check:*) not_ok 'zsh: options of the command' ;;
	*--depth*--version*) ok 'zsh: options of the command' ;;
	*) not_ok 'zsh: options of the command' "$(zsh_offers check --)" ;;
	esac
else
	skip 'zsh completion' 'zsh is not installed'
fi
finish
