"""Settings, URLs and the wiring: the one file that knows every adapter and event handler."""
