"""How files begin, whatever they are called (X07)."""

ZIP = b"PK\x03\x04"
"""An xlsx."""
EMPTY_ZIP, SPLIT_ZIP = b"PK\x05\x06", b"PK\x07\x08"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An xls, and a locked xlsx too."""
KOREAN_LOCKS = (b"<DOCUMENT SAFER", b"<## NASCA DRM", b"SCDSA0", b"\x9b DRMONE")
"""Files that a company's document security has locked."""
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"MZ", b"{\\rtf")
"""No sheets at all."""
