"""Walking through a result: the steps by themselves, the plain output, and a real terminal."""

import os
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from entityscan.browsing import Browser, about
from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Receipt

KEYS = [
    "up",
    "down",
    "page up",
    "page down",
    "home",
    "end",
    "enter",
    "escape",
    "backspace",
    "left",
    "right",
    "tab",
]


def entity(name: str, kind: Kind, *forms: str, sentence: str = "") -> Entity:
    texts = (name, *forms)
    mentions = tuple(
        Mention("a.txt", 10 * i, 10 * i + len(text), text, kind, sentence=sentence)
        for i, text in enumerate(texts)
    )
    return Entity(f"{kind}:{name}", kind, name, tuple(Alias(text, 1) for text in texts), mentions, 1)


ENTITIES = [
    entity("Donald Tusk", Kind.PERSON, "Tusk", sentence="Donald Tusk left, and Tuskegee did not."),
    entity("習近平", Kind.PERSON, "Xi"),
    entity("Warsaw", Kind.PLACE),
    entity("NATO", Kind.ORGANISATION, "North Atlantic Treaty Organization"),
    *(entity(f"F-{n}", Kind.EQUIPMENT) for n in range(30)),
]
DOCUMENTS = {"a.txt": DocumentInfo("a.txt", "a.txt", "0" * 64, 40, "A title", "2024-05-01")}


def browser(*keys: str) -> Browser:
    made = Browser(ENTITIES, DOCUMENTS)
    made.lines(80, 12)
    for key in keys:
        assert made.press(key)
    return made


def current(made: Browser) -> str:
    return made.shown()[made.cursor].name


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ((), "Donald Tusk"),
        (("down", "j", "k"), "習近平"),
        (("up",), "Donald Tusk"),
        (("end",), "F-29"),
        (("G", "down"), "F-29"),
        (("page down",), "F-6"),  # ten rows on a screen of twelve lines
        (("page down", "page down", "page up", "home"), "Donald Tusk"),
        (("tab", "tab"), "Warsaw"),
        (("tab", "tab", "escape"), "Donald Tusk"),
        (("/", *"atlantic", "enter"), "NATO"),
        (("/", *"natox", "backspace", "enter"), "NATO"),
        (("/", *"q", "escape"), "Donald Tusk"),
        (("enter", "n", "n", "p"), "習近平"),
        (("enter", "p"), "Donald Tusk"),
    ],
)
def test_keys_lead_to_an_entity(keys: tuple[str, ...], name: str) -> None:
    assert current(browser(*keys)) == name


def test_q_leaves_but_is_a_letter_in_a_search() -> None:
    assert not browser().press("q")
    assert not browser("enter").press("q")
    assert browser("/").press("q")


def test_an_entity_is_opened_and_closed() -> None:
    made = browser("enter")
    assert made.lines(80, 12)[0].plain.startswith("Donald Tusk (1 of 34) · lines 1-")
    made.press("escape")
    assert made.lines(80, 12)[0].plain == "34 of 34 entities"


def test_an_empty_list_opens_nothing() -> None:
    made = browser("/", *"zzz", "enter", "enter")
    assert made.lines(80, 12)[0].plain == "0 of 34 entities · search: zzz"
    assert not made.opened


@given(
    st.lists(st.sampled_from([*KEYS, *"/npjkgGxX習"]), max_size=30), st.integers(20, 120), st.integers(4, 40)
)
def test_any_keys_give_a_screen_that_fits(keys: list[str], width: int, height: int) -> None:
    made = Browser(ENTITIES, DOCUMENTS)
    for key in keys:
        made.press(key)
        lines = made.lines(width, height)
        assert len(lines) == height
        assert all(cell_len(line.plain) <= width for line in lines)


def test_mentions_are_marked_as_words() -> None:
    [*_, last] = about(ENTITIES[0], DOCUMENTS, 80)
    assert last.plain == "  Donald Tusk left, and Tuskegee did not."
    assert [last.plain[span.start : span.end] for span in last.spans] == ["Donald Tusk"]


def test_about_tells_everything_once_and_wraps_under_the_sentence() -> None:
    tusk = ENTITIES[0]
    row = Entity(
        tusk.id,
        tusk.kind,
        tusk.name,
        tusk.aliases,
        tusk.mentions,
        1,
        why=(Receipt("surname", "Tusk", "Donald Tusk", "a.txt", 10, 14),),
    )
    assert [line.plain for line in about(row, DOCUMENTS, 30)] == [
        "Donald Tusk",
        "person · 2 mentions in 1 ",
        "article · person:Donald Tusk",
        "Also written: Tusk",
        "“Tusk” is “Donald Tusk”: ",
        "surname",
        "",
        "A title · a.txt · 2024-05-01",
        "  Donald Tusk left, and ",
        "  Tuskegee did not.",
    ]


def test_texts_cannot_steer_the_terminal() -> None:
    hostile = entity("\x1b[2J\u202eevil", Kind.PERSON, sentence="\x1b]0;owned\x07 \x1b[2J\u202eevil")
    made = Browser([hostile], {"a.txt": DocumentInfo("a.txt", "", "0" * 64, 1, "\x1b[31m")})
    listed = made.lines(80, 12)
    made.press("enter")
    drawn = "".join(line.plain for line in [*listed, *made.lines(80, 12)])
    assert not {"\x1b", "\x07", "\u202e"} & set(drawn)


@pytest.fixture
def saved(entityscan: Run, tmp_path: Path) -> str:
    (tmp_path / "one.txt").write_text("Donald Tusk spoke in Warsaw. Tusk praised NATO.\n")
    assert entityscan("extract", "one.txt", "-o", "saved.json", "--db", "scan.sqlite").returncode == 0
    return "saved.json"


TUSK = """Donald Tusk
person · 2 mentions in 1 article · {id}
Also written: Tusk
“Tusk” is “Donald Tusk”: surname

one.txt
  Donald Tusk spoke in Warsaw.
  Tusk praised NATO.
"""


@pytest.mark.parametrize("source", ["saved.json", "scan.sqlite"])
def test_in_a_pipe_the_table_or_an_entity_is_printed(entityscan: Run, saved: str, source: str) -> None:
    whole = entityscan("show", source)
    assert (whole.returncode, whole.stderr) == (0, b"")
    assert whole.stdout == entityscan("export", "scan.sqlite", "-f", "table").stdout
    one = entityscan("show", source, "--plain", "-e", "tusk")
    assert (one.returncode, one.stderr) == (0, b"")
    lines = one.stdout.decode().splitlines(keepends=True)
    assert one.stdout.decode() == TUSK.format(id=lines[1].split(" · ")[-1].strip())
    places = entityscan("show", source, "--kind", "place")
    assert b"Warsaw" in places.stdout
    assert b"Tusk" not in places.stdout


def test_a_name_that_is_not_there_is_told(entityscan: Run, saved: str) -> None:
    done = entityscan("show", saved, "-e", "Nobody")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == (
        b"entityscan: no row is called 'Nobody'; 'entityscan show' without --entity lists the rows\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="needs a Unix terminal")
@pytest.mark.parametrize(
    ("keys", "seen", "leave", "code"),
    [
        ("", "3 of 3 entities", "q", 0),
        ("\x1b[B\r", "Warsaw (2 of 3)", "q", 0),
        ("/nato\r\r", "NATO (1 of 1)", "\x03", 130),
        ("j", "> Warsaw", "\x04", 0),
    ],
)
def test_keys_at_a_real_terminal(
    saved: str, tmp_path: Path, keys: str, seen: str, leave: str, code: int
) -> None:
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "entityscan", "show", saved],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={**os.environ, "TERM": "xterm"},
        start_new_session=True,
    )
    os.close(theirs)
    drawn = read_until(ours, b"q quit")
    time.sleep(0.5)  # it waits for keys now; what comes earlier, the terminal throws away
    if keys:
        os.write(ours, keys.encode())
        drawn += read_until(ours, seen.encode())
        time.sleep(0.5)
    os.write(ours, leave.encode())
    drawn += read_until(ours, b"the end")
    assert process.wait(timeout=30) == code
    os.close(ours)
    assert seen in drawn.decode()
    assert "\x1b[?1049l" in drawn.decode()  # the screen is given back


def read_until(terminal: int, wanted: bytes) -> bytes:
    """Read what a program draws until something is there, or the program ends."""
    drawn, end = b"", time.monotonic() + 60
    while wanted not in drawn and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                drawn += os.read(terminal, 65536)
            except OSError:  # the other side is closed
                break
    return drawn
