"""One file per family of commands: what each takes, what it does, how it reads to a person."""
