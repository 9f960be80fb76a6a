// Korean as keys: what a text is on a 2-beolsik keyboard, its first consonants, and what a key means whatever the IME.
// So "송장", "thdwkd" and "ㅅㅈ" all find 송장, and a scanner is read though the Hangul IME is on.
"use strict";

const Hangul = (() => {
  const KEYS = {
    ㄱ: "r", ㄲ: "R", ㄳ: "rt", ㄴ: "s", ㄵ: "sw", ㄶ: "sg", ㄷ: "e", ㄸ: "E", ㄹ: "f", ㄺ: "fr", ㄻ: "fa", ㄼ: "fq",
    ㄽ: "ft", ㄾ: "fx", ㄿ: "fv", ㅀ: "fg", ㅁ: "a", ㅂ: "q", ㅃ: "Q", ㅄ: "qt", ㅅ: "t", ㅆ: "T", ㅇ: "d", ㅈ: "w",
    ㅉ: "W", ㅊ: "c", ㅋ: "z", ㅌ: "x", ㅍ: "v", ㅎ: "g", ㅏ: "k", ㅐ: "o", ㅑ: "i", ㅒ: "O", ㅓ: "j", ㅔ: "p",
    ㅕ: "u", ㅖ: "P", ㅗ: "h", ㅘ: "hk", ㅙ: "ho", ㅚ: "hl", ㅛ: "y", ㅜ: "n", ㅝ: "nj", ㅞ: "np", ㅟ: "nl", ㅠ: "b",
    ㅡ: "m", ㅢ: "ml", ㅣ: "l",
  };
  const FIRST = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
  const MIDDLE = [..."ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"];
  const LAST = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];

  function apart(letter) {
    const place = letter.codePointAt(0) - 0xac00;
    if (place < 0 || place > 11171) return [letter];
    return [FIRST[Math.floor(place / 588)], MIDDLE[Math.floor((place % 588) / 28)], LAST[place % 28]].filter(Boolean);
  }
  const jamo = (text) => [...text.normalize("NFC")].flatMap(apart);
  const toKeys = (text) => jamo(text).map((each) => KEYS[each] ?? each).join("");
  const initials = (text) =>
    [...text.normalize("NFC")].map((each) => apart(each)[0]).filter((each) => FIRST.includes(each)).join("");
  const isInitials = (text) => text !== "" && [...text].every((each) => FIRST.includes(each));

  // Every word asked for is in the text: as written, as keys of the wrong IME, or by first consonants
  function finds(text, asked) {
    const folded = toKeys(text.toLowerCase()).toLowerCase();
    const heads = initials(text);
    return asked
      .trim()
      .split(/\s+/)
      .every((word) =>
        isInitials(word)
          ? heads.includes(word) || folded.includes(toKeys(word).toLowerCase())
          : folded.includes(toKeys(word.toLowerCase()).toLowerCase()),
      );
  }

  // A key by what is printed on it: the character where it is plain, else by its place
  const PLACES = {
    Minus: "-_", Equal: "=+", Slash: "/?", Period: ".>", Comma: ",<", Semicolon: ";:", Quote: "'\"", Space: "  ",
    BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Backquote: "`~", NumpadSubtract: "--", NumpadAdd: "++",
    NumpadDivide: "//", NumpadMultiply: "**", NumpadDecimal: "..",
  };
  const SHIFTED = ")!@#$%^&*(";
  function characterOf(event) {
    if (/^[\x20-\x7e]$/.test(event.key)) return event.key;
    const code = event.code || "";
    if (/^Key[A-Z]$/.test(code)) return event.shiftKey ? code[3] : code[3].toLowerCase();
    if (/^Digit\d$/.test(code)) return event.shiftKey ? SHIFTED[Number(code[5])] : code[5];
    if (/^Numpad\d$/.test(code)) return code[6];
    return PLACES[code]?.[event.shiftKey ? 1 : 0] ?? "";
  }
  return { toKeys, initials, finds, characterOf };
})();
