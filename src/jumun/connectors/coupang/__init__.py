"""쿠팡 마켓플레이스 through the Wing Open API. See README.md beside this file."""
