/*
 * golden.h - outputs compared with files that a person has read and found right.
 * In:   a text, the name of a file under golden/.   Out: a failed assertion that shows both.
 * Not:  MX_GOLDEN_WRITE=1 in the environment writes the files instead: read the diff then.
 */
#ifndef MX_TESTS_UNIT_REPORT_GOLDEN_H
#define MX_TESTS_UNIT_REPORT_GOLDEN_H

void golden_compare(const char *name, const char *text);

#endif
