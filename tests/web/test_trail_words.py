"""S15: the trail of personal data says in words what was done, whatever was."""

import re
from pathlib import Path

import jumun
from jumun.web.people import DID


def test_whatever_is_noted_in_the_trail_has_a_word():
    sources = Path(jumun.__file__).parent.rglob("*.py")
    noted = {did for source in sources for did in re.findall(r'\bdid="([a-z_]+)"', source.read_text())}
    assert {"copy", "failures", "export"} <= noted <= set(DID)
