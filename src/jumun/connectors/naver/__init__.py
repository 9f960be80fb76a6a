"""네이버 스마트스토어 through the Naver Commerce API. See README.md beside this file."""
