"""What every blob store must do: the local folder, and S3 as moto's server on loopback plays it."""

from collections.abc import Iterator

import pytest

from karat.adapters.blobs_local import LocalBlobs
from karat.adapters.blobs_object import ObjectBlobs
from karat.ports.blobs import CHUNK, BlobMissingError, Blobs


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto's own dependencies warn when they are imported
        from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["local", "s3"])
def blobs(request, tmp_path) -> Blobs:
    if request.param == "local":
        return LocalBlobs(tmp_path / "blobs")
    import httpx

    address = request.getfixturevalue("s3")
    bucket = f"b{abs(hash(request.node.name)):x}"
    httpx.put(
        f"{address}/{bucket}",
        headers={"authorization": "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/s3/aws4_request"},
    )
    config = {"access_key_id": "k", "secret_access_key": "s", "region": "us-east-1", "endpoint": address}
    return ObjectBlobs(f"s3://{bucket}/karat", options={"config": config, "client_options": {"allow_http": True}})


def test_what_was_put_is_read_back_whole_and_in_ranges(blobs):
    data = bytes(range(256)) * 8192
    blobs.put("a/b.bin", data)

    assert b"".join(blobs.read("a/b.bin")) == data
    assert b"".join(blobs.read("a/b.bin", start=10, end=300)) == data[10:300]
    assert b"".join(blobs.read("a/b.bin", start=len(data) - 3)) == data[-3:]
    assert b"".join(blobs.read("a/b.bin", start=5, end=5)) == b""
    assert all(len(piece) <= CHUNK for piece in blobs.read("a/b.bin"))
    assert blobs.size("a/b.bin") == len(data)


def test_a_file_is_put_and_may_be_taken(blobs, tmp_path):
    path = tmp_path / "f"
    path.write_bytes(b"x" * 20_000_000)
    blobs.put_file("kept", path)
    assert path.exists()
    blobs.put_file("taken", path, move=True)

    assert not path.exists()
    assert blobs.size("kept") == blobs.size("taken") == 20_000_000


def test_putting_again_replaces(blobs):
    blobs.put("k", b"one")
    blobs.put("k", b"two")

    assert b"".join(blobs.read("k")) == b"two"


def test_what_is_not_there_is_missing(blobs):
    assert blobs.size("no") is None
    blobs.delete("no")
    with pytest.raises(BlobMissingError):
        b"".join(blobs.read("no"))


def test_objects_below_a_prefix_are_listed_in_order(blobs):
    for key in ("u/2/z", "u/1/b", "u/1/a/c", "u/10/x", "v/1"):
        blobs.put(key, b"12")

    assert [stored.key for stored in blobs.list("u/1/")] == ["u/1/a/c", "u/1/b"]
    assert [stored.size for stored in blobs.list("u/1/")] == [2, 2]
    assert list(blobs.list("w/")) == []


def test_a_deleted_object_is_gone(blobs):
    blobs.put("d/e/f", b"1")
    blobs.delete("d/e/f")

    assert blobs.size("d/e/f") is None
    assert list(blobs.list("d/")) == []


@pytest.mark.parametrize("key", ["", "/a", "a//b", "../a", "a/../b", "a\\b", "a/", "a\x00"])
def test_a_key_that_leads_elsewhere_is_a_mistake(blobs, key):
    with pytest.raises(ValueError, match="is not a key"):
        blobs.put(key, b"")


def test_a_store_gives_a_local_file_or_an_address(blobs):
    blobs.put("a", b"1")

    assert (blobs.local("a") is None) != (blobs.signed_url("a", seconds=60) is None)
