"""How orders come in. `collecting` asks a channel and `storing` writes what it said: set-based, nothing twice."""
