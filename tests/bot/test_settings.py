"""Settings: environment, then file, then defaults; every mistake at once, each with its mend."""

from pathlib import Path

import pytest
from mistakes import mistakes_of

from bot.settings import API_URL, DEFAULT, NAMES, SettingsError, in_force, load, sample, shipped_corpus

TOKEN = "123456:secret-half"  # noqa: S105


def _file(folder: Path, text: str) -> None:
    (folder / "iqtibas.toml").write_text(text, "utf-8")


def test_without_anything_set_the_defaults_hold(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.token is None
    assert settings.api_url == API_URL
    assert settings.corpus == shipped_corpus()
    assert settings.data == tmp_path / "iqtibas-data"
    assert settings.engine == "auto"
    assert settings.min_confidence is None
    assert settings.admins == settings.allowed == frozenset()
    assert settings.questions_per_minute == 20
    assert settings.log_text is False


def test_the_shipped_corpus_is_there() -> None:
    assert shipped_corpus().is_dir()


def test_the_file_is_read_with_the_names_in_small_letters(tmp_path: Path) -> None:
    _file(tmp_path, f'telegram_bot_token = "{TOKEN}"\niqtibas_corpus = "docs"\niqtibas_min_confidence = 0.4\n')
    settings = load({}, tmp_path)
    assert (settings.token, settings.corpus, settings.min_confidence) == (TOKEN, tmp_path / "docs", 0.4)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    _file(tmp_path, 'iqtibas_engine = "disk"\niqtibas_data = "from-file"\n')
    settings = load({"IQTIBAS_ENGINE": "memory"}, tmp_path)
    assert (settings.engine, settings.data) == ("memory", tmp_path / "from-file")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    _file(tmp_path, 'iqtibas_engine = "disk"\n')
    assert load({"IQTIBAS_ENGINE": " "}, tmp_path).engine == "disk"


def test_the_token_never_shows(tmp_path: Path) -> None:
    assert "secret-half" not in repr(load({"TELEGRAM_BOT_TOKEN": TOKEN}, tmp_path))


def test_a_wrong_token_is_not_repeated_in_the_mistake(tmp_path: Path) -> None:
    (mistake,) = mistakes_of({"TELEGRAM_BOT_TOKEN": "no-colon-secret"}, tmp_path)
    assert "TELEGRAM_BOT_TOKEN" in mistake
    assert "@BotFather" in mistake
    assert "secret" not in mistake


def test_all_mistakes_are_named_at_once_each_on_its_line(tmp_path: Path) -> None:
    _file(tmp_path, 'iqtibas_corpse = "x"\niqtibas_min_confidence = 7\n')
    mistakes = mistakes_of({"IQTIBAS_ENGINE": "memroy", "TELEGRAM_API_URL": "localhost"}, tmp_path)
    assert len(mistakes) == 4
    for name in ("'iqtibas_corpus'", "IQTIBAS_MIN_CONFIDENCE", "'memory'", "TELEGRAM_API_URL"):
        assert sum(name in mistake for mistake in mistakes) == 1


@pytest.mark.parametrize(
    ("wrong", "right"), [("IQTIBAS_DATA", "iqtibas_data"), ("telegram_token", "telegram_bot_token")]
)
def test_an_unknown_key_is_named_with_the_nearest_right_one(tmp_path: Path, wrong: str, right: str) -> None:
    _file(tmp_path, f'{wrong} = "x"\n')
    (mistake,) = mistakes_of({}, tmp_path)
    assert repr(wrong) in mistake
    assert repr(right) in mistake


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    _file(tmp_path, 'iqtibas_engine = "auto"\niqtibas_data = nowhere\n')
    (mistake,) = mistakes_of({}, tmp_path)
    assert "line 2" in mistake


def test_a_file_too_large_for_settings_is_named_and_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "iqtibas.toml").open("wb") as file:
        file.truncate(2**40)  # a hole: it takes no room
    (mistake,) = mistakes_of({}, tmp_path)
    assert mistake.startswith("iqtibas.toml is too large")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "iqtibas.toml").write_bytes(b"# one\n# \xe3\xe4\n")
    (mistake,) = mistakes_of({}, tmp_path)
    assert "line 2" in mistake


@pytest.mark.parametrize("value", ["true", "[1]", "2020-01-01", "{}"])
def test_a_value_that_is_neither_text_nor_number_is_a_mistake(tmp_path: Path, value: str) -> None:
    _file(tmp_path, f"iqtibas_data = {value}\n")
    assert "iqtibas_data" in mistakes_of({}, tmp_path)[0]


@pytest.mark.parametrize("value", ["-0.1", "1.5", "nan", "much"])
def test_confidence_is_a_number_from_0_to_1(tmp_path: Path, value: str) -> None:
    assert "0 to 1" in mistakes_of({"IQTIBAS_MIN_CONFIDENCE": value}, tmp_path)[0]


@pytest.mark.parametrize("value", ["0", "1", "0.35"])
def test_the_ends_of_confidence_are_allowed(tmp_path: Path, value: str) -> None:
    assert load({"IQTIBAS_MIN_CONFIDENCE": value}, tmp_path).min_confidence == float(value)


@pytest.mark.parametrize(
    "value",
    ["localhost:8081", "ftp://host", "http://", "http://host:port", "http://host/bot", "http://host?x=1"],
)
def test_the_api_url_is_scheme_host_and_port_only(tmp_path: Path, value: str) -> None:
    (mistake,) = mistakes_of({"TELEGRAM_API_URL": value}, tmp_path)
    assert API_URL in mistake


def test_a_closing_slash_of_the_api_url_does_not_matter(tmp_path: Path) -> None:
    assert load({"TELEGRAM_API_URL": "http://127.0.0.1:8081/"}, tmp_path).api_url == "http://127.0.0.1:8081"


@pytest.mark.parametrize(("value", "ids"), [("5", {5}), (" 5 , -1001234567890", {5, -1001234567890})])
def test_ids_are_parted_by_commas(tmp_path: Path, value: str, ids: set[int]) -> None:
    assert load({"IQTIBAS_ALLOWED": value}, tmp_path).allowed == ids


def test_one_id_may_stand_in_the_file_as_a_number(tmp_path: Path) -> None:
    _file(tmp_path, "iqtibas_admins = 5\n")
    assert load({}, tmp_path).admins == {5}


@pytest.mark.parametrize("value", ["@name", "5;6", "5,,6", "5,", "0", "٥", "1e5", "5 6", "1" * 17])
@pytest.mark.parametrize("name", ["IQTIBAS_ADMINS", "IQTIBAS_ALLOWED"])
def test_what_is_no_id_is_a_mistake(tmp_path: Path, name: str, value: str) -> None:
    (mistake,) = mistakes_of({name: value}, tmp_path)
    assert mistake.startswith(f"{name}: ")
    assert "123456" in mistake


def test_a_group_is_no_admin(tmp_path: Path) -> None:
    assert "-7" in mistakes_of({"IQTIBAS_ADMINS": "5,-7"}, tmp_path)[0]


@pytest.mark.parametrize("value", ["0", "-1", "2.5", "many", "1000000"])
def test_questions_a_minute_are_a_number_from_1(tmp_path: Path, value: str) -> None:
    assert "from 1 up" in mistakes_of({"IQTIBAS_QUESTIONS_PER_MINUTE": value}, tmp_path)[0]
    assert load({"IQTIBAS_QUESTIONS_PER_MINUTE": "3"}, tmp_path).questions_per_minute == 3


@pytest.mark.parametrize(("value", "on"), [("1", True), ("0", False)])
def test_the_text_of_questions_is_logged_when_that_is_asked_for(tmp_path: Path, value: str, on: bool) -> None:
    assert load({"IQTIBAS_LOG_TEXT": value}, tmp_path).log_text is on


def test_the_pace_is_given_up_when_that_is_asked_for(tmp_path: Path) -> None:
    assert load({}, tmp_path).flood_control
    assert not load({"IQTIBAS_FLOOD_CONTROL": "0"}, tmp_path).flood_control


@pytest.mark.parametrize(("name", "most"), [("IQTIBAS_FILES_PER_CHAT", 40), ("IQTIBAS_MEGABYTES_PER_CHAT", 1000)])
def test_how_much_a_chat_may_give_is_a_number_up_to_a_bound(tmp_path: Path, name: str, most: int) -> None:
    for value in ("-1", "1.5", "many", str(most + 1)):
        assert f"from 0 to {most:,}" in mistakes_of({name: value}, tmp_path)[0]
    assert getattr(load({name: str(most)}, tmp_path), name.removeprefix("IQTIBAS_").lower()) == most


SWITCHES = {"IQTIBAS_LOG_TEXT": "log_text", "IQTIBAS_FLOOD_CONTROL": "flood_control", "IQTIBAS_READER": "reader"}


@pytest.mark.parametrize("value", ["on", "ON", "true", "1", "off", "Off", "false", "0"])
@pytest.mark.parametrize(("name", "field"), SWITCHES.items())
def test_a_switch_is_on_or_off(tmp_path: Path, name: str, field: str, value: str) -> None:
    wanted = value.lower() in ("on", "true", "1")
    assert getattr(load({name: value}, tmp_path), field) is wanted
    _file(tmp_path, f'{name.lower()} = "{value}"\n')
    assert getattr(load({}, tmp_path), field) is wanted


@pytest.mark.parametrize("value", ["true", "false", "1", "0"])
@pytest.mark.parametrize(("name", "field"), SWITCHES.items())
def test_a_switch_may_stand_in_the_file_as_toml_has_it(tmp_path: Path, name: str, field: str, value: str) -> None:
    _file(tmp_path, f"{name.lower()} = {value}\n")
    assert getattr(load({}, tmp_path), field) is (value in ("true", "1"))


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("value", ["yes", "2", "onn", "نعم"])
def test_what_is_no_switch_is_a_mistake(tmp_path: Path, name: str, value: str) -> None:
    (mistake,) = mistakes_of({name: value}, tmp_path)
    assert mistake.startswith(f"{name}: ")
    assert "write on or off" in mistake


def test_the_reader_is_on_and_takes_one_core_unless_something_else_is_set(tmp_path: Path) -> None:
    assert (load({}, tmp_path).reader, load({}, tmp_path).threads) == (True, 1)
    _file(tmp_path, "iqtibas_threads = 4\n")
    assert load({}, tmp_path).threads == 4


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "all"])
def test_threads_are_a_number_from_1_to_64(tmp_path: Path, value: str) -> None:
    assert "cores from 1 to 64" in mistakes_of({"IQTIBAS_THREADS": value}, tmp_path)[0]
    assert load({"IQTIBAS_THREADS": "64"}, tmp_path).threads == 64


def test_the_state_has_a_folder_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="give the state a folder of its own"):
        load({"IQTIBAS_CORPUS": str(tmp_path), "IQTIBAS_DATA": f"{tmp_path}/."}, tmp_path)


@pytest.mark.parametrize("where", ["environment", "file"])
def test_any_setting_may_stand_in_a_file_of_its_own(tmp_path: Path, where: str) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    environ = {"TELEGRAM_BOT_TOKEN_FILE": "token"} if where == "environment" else {}
    if where == "file":
        _file(tmp_path, 'telegram_bot_token_file = "token"\n')
    assert load(environ, tmp_path).token == TOKEN


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\xfd"])
def test_a_file_of_a_setting_that_holds_none_is_a_mistake(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    (mistake,) = mistakes_of({"TELEGRAM_BOT_TOKEN_FILE": "token"}, tmp_path)
    assert mistake.startswith("TELEGRAM_BOT_TOKEN_FILE: ")


def test_a_setting_and_its_file_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    environ = {"TELEGRAM_BOT_TOKEN_FILE": "token", "TELEGRAM_BOT_TOKEN": TOKEN}
    assert "leave one of the two out" in mistakes_of(environ, tmp_path)[0]


def test_the_environment_wins_over_the_file_also_by_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN)
    _file(tmp_path, 'telegram_bot_token = "1:other"\n')
    assert load({"TELEGRAM_BOT_TOKEN_FILE": "token"}, tmp_path).token == TOKEN


def test_a_file_that_is_named_is_read_and_its_paths_count_from_where_it_lies(tmp_path: Path) -> None:
    other = tmp_path / "etc" / "bot.toml"
    other.parent.mkdir()
    other.write_bytes(b"\xef\xbb\xbf" + b'iqtibas_data = "state"\niqtibas_allowed = [5, -7]\niqtibas_log_text = true\n')
    settings = load({}, tmp_path, Path("etc/bot.toml"))
    assert (settings.data, settings.allowed, settings.log_text) == (other.parent / "state", {5, -7}, True)
    with pytest.raises(SettingsError, match="no such file of settings"):
        load({}, tmp_path, Path("missing.toml"))


def test_a_name_in_the_environment_that_is_no_setting_is_said_with_the_nearest(tmp_path: Path) -> None:
    environ = {"IQTIBAS_CORPSE": "x", "IQTIBAS_PORT_9108_TCP_ADDR": "10.0.0.1", "IQTIBAS_SERVICE_HOST": "10.0.0.1"}
    (said,) = load(environ, tmp_path).unknown
    assert "'IQTIBAS_CORPSE'" in said
    assert "'IQTIBAS_CORPUS'" in said


def test_whence_each_setting_comes_is_known_and_no_secret_stands_there(tmp_path: Path) -> None:
    _file(tmp_path, 'iqtibas_engine = "disk"\n')
    environ = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://me:secret-half@127.0.0.1:1"}
    rows = {row.name: row for row in in_force(environ, tmp_path)[1]}
    assert list(rows) == list(NAMES)
    assert (rows["IQTIBAS_ENGINE"].value, rows["IQTIBAS_ENGINE"].whence) == ("disk", str(tmp_path / "iqtibas.toml"))
    assert (rows["TELEGRAM_BOT_TOKEN"].value, rows["TELEGRAM_BOT_TOKEN"].whence) == ("***", "environment")
    assert rows["IQTIBAS_DATA"].whence == DEFAULT
    assert "secret-half" not in repr(rows)


def test_the_sample_sets_nothing_and_each_of_its_lines_can_be_used(tmp_path: Path) -> None:
    _file(tmp_path, sample())
    assert {row.whence for row in in_force({}, tmp_path)[1]} == {DEFAULT}
    lines = [line.removeprefix("# ") for line in sample().splitlines()]
    _file(tmp_path, "\n".join(line for line in lines if line.partition(" = ")[0].upper() in NAMES))
    assert {row.whence for row in in_force({}, tmp_path)[1]} == {str(tmp_path / "iqtibas.toml")}


@pytest.mark.parametrize("value", ["9108", "host", "127.0.0.1:", "127.0.0.1:99999", "a b:1", ":1"])
def test_where_figures_are_told_is_a_host_and_a_port(tmp_path: Path, value: str) -> None:
    assert "127.0.0.1:9108" in mistakes_of({"IQTIBAS_METRICS": value}, tmp_path)[0]
    assert load({"IQTIBAS_METRICS": "[::1]:9"}, tmp_path).metrics == ("::1", 9)


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        ({"https_proxy": "http://small:1", "HTTPS_PROXY": "http://p:1"}, "http://small:1"),
        ({"ALL_PROXY": "socks5://p:1"}, "socks5://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, None),
        ({"HTTPS_PROXY": "p:1"}, "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.org,telegram.org"}, None),
        ({"ALL_PROXY": "socks5://p:1", "no_proxy": "*"}, None),
    ],
)
def test_the_proxy_is_the_one_that_the_environment_has_for_the_server(
    tmp_path: Path, environ: dict[str, str], proxy: str | None
) -> None:
    assert load(environ, tmp_path).proxy == proxy


SERVER = "postgresql://iqtibas:secret-word@db1:5432,db2/iqtibas?target_session_attrs=read-write"


def test_a_server_of_state_has_an_address_whose_password_shows_nowhere(tmp_path: Path) -> None:
    environ = {"IQTIBAS_DATABASE": SERVER}
    settings, rows = in_force(environ, tmp_path)
    assert settings.database == SERVER
    assert "secret-word" not in repr(settings)
    assert "secret-word" not in repr(rows)
    assert settings.secrets == ("secret-word",)
    assert load({}, tmp_path).database is None


@pytest.mark.parametrize(
    "value",
    [
        "db/iqtibas",
        "mysql://who:secret-word@db/x",
        "postgresql://who:secret-word@db",
        "postgresql://db/x?password=secret-word",
    ],
)
def test_what_is_no_address_of_a_server_is_a_mistake_and_no_password_is_repeated(tmp_path: Path, value: str) -> None:
    (mistake,) = mistakes_of({"IQTIBAS_DATABASE": value}, tmp_path)
    assert mistake.startswith("IQTIBAS_DATABASE: ")
    assert "write one as in postgresql://" in mistake
    assert "secret-word" not in mistake
