"""초성: what initials mean is what a person would say they mean (task: search for names and products by initials)."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jumun.core.initials import first_range, has_initials, initials_pattern, syllables_of

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
SYLLABLES = st.integers(0xAC00, 0xD7A3).map(chr)
WORDS = st.text(SYLLABLES, min_size=1, max_size=8)


def initial_of(syllable):
    """By the Unicode standard's arithmetic, not by ours."""
    return INITIALS[(ord(syllable) - 0xAC00) // 588]


@given(WORDS, st.data())
def test_any_part_of_a_word_is_found_by_its_initials(word, data):
    first = data.draw(st.integers(0, len(word) - 1))
    last = data.draw(st.integers(first + 1, len(word)))
    mixed = "".join(
        initial_of(syllable) if data.draw(st.booleans()) else syllable for syllable in word[first : last - 1]
    ) + initial_of(word[last - 1])
    assert has_initials(mixed)
    assert re.search(initials_pattern(mixed), word)


@given(WORDS, st.text(st.sampled_from(INITIALS), min_size=1, max_size=4))
def test_initials_find_nothing_else(word, query):
    spelled = "".join(map(initial_of, word))
    assert bool(re.search(initials_pattern(query), word)) == (query in spelled)


@given(SYLLABLES)
def test_every_syllable_lies_in_the_range_of_its_own_initial_only(syllable):
    inside = [each for each in INITIALS if syllables_of(each)[0] <= syllable <= syllables_of(each)[1]]
    assert inside == [initial_of(syllable)]


@given(WORDS)
def test_a_name_lies_in_the_range_of_its_first_initial_and_of_its_first_syllable(name):
    for query in (initial_of(name[0]), name[0] + "ㄱ"):
        begin, end = first_range(query)
        assert begin <= name < end


@pytest.mark.parametrize(
    ("query", "name", "found"),
    [
        ("ㅅㅈ 커피", "새벽수제 커피", True),
        ("ㅅㅈ 커피", "수제커피", True),
        ("ㅅㅈ 커피", "사과 커피", False),
        ("ㄳ", "감사합니다", True),
        ("ㅄ", "밥솥", True),
        ("ㄲ", "까치", True),
        ("ㄱ", "까치", False),
        ("김ㅅㅇ", "김서연", True),
        ("김ㅅㅇ", "강서연", False),
        ("ㅋㅍ(중)", "커피(중)", True),
        ("ㅋㅍ.", "커피콩", False),
        ("ㅎㅎ", "ㅎㅎ문구", True),
    ],
)
def test_the_database_reads_it_as_we_do(db, query, name, found):
    with connection.cursor() as run:
        run.execute("SELECT %s ~ %s", [name, initials_pattern(query)])
        assert run.fetchone()[0] is found
    assert bool(re.search(initials_pattern(query), name)) is found


def test_words_are_not_initials():
    assert not has_initials("커피 ABC 123") and not has_initials("ㅏㅣ")
    assert first_range("  ") is None
