"""`jumun api`: one REST call from the shell: `jumun api POST /collections --json '{"accounts": [1]}'`."""

import argparse
import json
import os
import sys
from pathlib import Path

import httpx

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROOT = "/api/v1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to call, as whom, and where."""
    parser.add_argument("method", type=str.upper, choices=METHODS)
    parser.add_argument("path", help=f"below {ROOT}, such as /items?status=paid")
    parser.add_argument("--json", dest="body", help="the body, or @file, or @- for standard input")
    parser.add_argument("--token", help="bearer token (default: $JUMUN_TOKEN)")
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where Jumun answers")
    parser.add_argument("--key", help="Idempotency-Key of a POST")
    parser.add_argument("--lang", choices=["ko", "en"], default="ko", help="language of reasons")


def run(options: argparse.Namespace) -> int:
    """Print the answer as JSON; status 1 for a problem or when nobody answers."""
    token = options.token or os.environ.get("JUMUN_TOKEN", "")
    if not token:
        print("jumun: give --token, or set JUMUN_TOKEN (`jumun token` makes one).", file=sys.stderr)
        return 1
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": options.lang, "Content-Type": "application/json"}
    if options.key:
        headers["Idempotency-Key"] = options.key
    try:
        answer = httpx.request(
            options.method,
            options.url.rstrip("/") + ROOT + "/" + options.path.removeprefix(ROOT).lstrip("/"),
            content=_read(options.body),
            headers=headers,
            timeout=120,
        )
    except (httpx.HTTPError, OSError) as failure:
        print(f"jumun: no answer: {failure}", file=sys.stderr)
        return 1
    if answer.content:
        print(_pretty(answer))
    return 0 if answer.is_success else 1


def _read(body: str | None) -> bytes | None:
    if body is None:
        return None
    if body == "@-":
        return sys.stdin.buffer.read()
    return Path(body[1:]).read_bytes() if body.startswith("@") else body.encode()


def _pretty(answer: httpx.Response) -> str:
    if "json" not in answer.headers.get("content-type", ""):
        return answer.text
    return json.dumps(answer.json(), ensure_ascii=False, indent=2)
