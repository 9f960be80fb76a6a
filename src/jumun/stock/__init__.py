"""Stock: what there is, what is reserved, and who gets it (C18-C24)."""
