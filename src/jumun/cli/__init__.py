"""The command line: `jumun <command>`. Each command is a file; each parses, makes one call and prints."""
