"""The settings of a cluster: addresses with commas between them, whose passwords show nowhere."""

from pathlib import Path

import pytest

from bot.settings import SettingsError, in_force, load

ADDRESSES = "https://reader:s3cret@one:9200,two:9201, http://three"


def test_further_addresses_have_the_scheme_and_the_name_of_the_first(tmp_path: Path) -> None:
    cluster = load({"IQTIBAS_CLUSTER": ADDRESSES}, tmp_path).at_cluster
    assert cluster
    assert cluster.addresses == (
        "https://reader:s3cret@one:9200",
        "https://reader:s3cret@two:9201",
        "http://three",
    )
    assert cluster.places == "one:9200, two:9201, three:9200"
    assert (cluster.shards, cluster.replicas, cluster.ca) == (1, 1, None)


def test_shards_replicas_and_the_authority_are_set(tmp_path: Path) -> None:
    set_to = {"IQTIBAS_CLUSTER_SHARDS": "4", "IQTIBAS_CLUSTER_REPLICAS": "0", "IQTIBAS_CLUSTER_CA": "ca.pem"}
    cluster = load({"IQTIBAS_CLUSTER": "http://one"} | set_to, tmp_path).at_cluster
    assert cluster
    assert (cluster.shards, cluster.replicas, cluster.ca) == (4, 0, tmp_path / "ca.pem")


def test_the_server_of_the_state_has_the_texts_too(tmp_path: Path) -> None:
    given = {"IQTIBAS_CLUSTER": "http://one", "IQTIBAS_DATABASE": "postgresql://me:s3cret@db/texts"}
    cluster = load(given, tmp_path).at_cluster
    assert cluster
    assert cluster.texts == given["IQTIBAS_DATABASE"]
    assert "s3cret" not in repr(cluster)


def test_without_addresses_there_is_no_cluster(tmp_path: Path) -> None:
    assert load({}, tmp_path).at_cluster is None


def test_passwords_show_nowhere_and_are_known_as_secrets(tmp_path: Path) -> None:
    settings, told = in_force({"IQTIBAS_CLUSTER": ADDRESSES}, tmp_path)
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in repr(told)
    assert "s3cret" in settings.secrets


@pytest.mark.parametrize(
    "value", ["one:9200", "ftp://one", "https://", "https://u:pw9x@", "https://u:pw9x@one:port", "http://one,,two"]
)
def test_what_is_no_address_is_a_mistake_that_does_not_repeat_it(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"IQTIBAS_CLUSTER": value}, tmp_path)
    (mistake,) = caught.value.mistakes
    assert mistake.startswith("IQTIBAS_CLUSTER: ")
    assert "https://name:password@host:9200" in mistake
    assert "pw9x" not in mistake


def test_the_engine_needs_addresses(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="IQTIBAS_CLUSTER"):
        load({"IQTIBAS_ENGINE": "cluster"}, tmp_path)


@pytest.mark.parametrize(("name", "value"), [("SHARDS", "0"), ("SHARDS", "65"), ("REPLICAS", "9"), ("REPLICAS", "x")])
def test_how_many_shards_and_replicas_is_bounded(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"IQTIBAS_CLUSTER_{name}"):
        load({f"IQTIBAS_CLUSTER_{name}": value}, tmp_path)
