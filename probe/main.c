/* main.c - arguments, subcommand, exit status; nothing else. */
int
main(void)
{
	return 64;
}
