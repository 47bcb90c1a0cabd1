/** What the program's exit codes mean. */
export const exitCode = { good: 0, wrong: 1, usage: 2 } as const;

export const exitCodeHelp = `
Exit codes:
  0  all is well (start: stopped by SIGINT or SIGTERM)
  1  something is wrong, and is said
  2  an argument or a setting that cannot be used`;
