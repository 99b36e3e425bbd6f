"""Tiles of a picture, its bands and its place on the earth, as a worker makes and finds them."""

import io

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from karat.adapters.blobs_local import LocalBlobs
from karat.model.kind import Facts, Geo
from karat.ports.blobs import BlobMissingError
from karat.server.media import tiling
from karat.server.media.decoding import Limit, look_at, shrink
from karat.server.media.pyramid import cut
from karat.server.media.vips import shown
from karat.server.settings import Settings

LIMIT = Limit(1_000_000, 4_000_000)


def raster(path, values, *, big=False):
    """A TIFF of bands, as satellites send them."""
    import pyvips

    image = pyvips.Image.new_from_array(values)
    image.tiffsave(str(path), tile=True, tile_width=128, tile_height=128, compression="deflate", bigtiff=big)
    return path


def located(path, **tags):
    """A small TIFF with the tags of a GeoTIFF."""
    found = TiffImagePlugin.ImageFileDirectory_v2()
    for number, (kind, value) in tags.items():
        found.tagtype[int(number[1:])] = kind
        found[int(number[1:])] = value
    Image.new("RGB", (20, 10)).save(path, "TIFF", tiffinfo=found)
    return path


def keys(*entries):
    return (3, (1, 1, 0, len(entries) // 4, *entries))


def test_every_pixel_lies_in_the_tile_that_its_place_says(tmp_path):
    values = np.zeros((700, 1100, 3), np.uint8)
    values[:, :, 0] = np.arange(1100) // 5
    values[:, :, 1] = (np.arange(700) // 5)[:, None]
    told = []

    made = cut(raster(tmp_path / "a.tif", values), tmp_path / "t.zip", told.append)

    start, end = made.span(2, 2, 1)
    tile = np.asarray(Image.open(io.BytesIO((tmp_path / "t.zip").read_bytes()[start:end])))
    assert (made.width, made.height, made.levels, made.grid(2)) == (1100, 700, 3, (3, 2))
    assert tile.shape == (700 - 512, 1100 - 1024, 3)
    assert np.abs(tile[:, :, :2].astype(int) - values[512:, 1024:, :2]).max() <= 6
    assert [made.span(2, 3, 0), made.span(3, 0, 0), made.span(0, 0, 1)] == [None, None, None]
    assert told == sorted(told)


def test_tiles_of_a_workspace_are_not_those_of_another_and_can_be_forgotten(tmp_path):
    blobs = LocalBlobs(tmp_path / "blobs")
    blobs.put("media/1/a", raster(tmp_path / "a.tif", np.full((300, 600), 7, np.uint8)).read_bytes())
    settings = Settings(data=tmp_path)
    place = {"level": 0, "x": 0, "y": 0}

    tiling.make(settings, blobs, 1, "ab" * 32, key="media/1/a", folder=tmp_path, tell=lambda _percent: None)

    assert tiling.pyramid_of(blobs, 2, "ab" * 32) is None
    assert tiling.tile_of(blobs, 1, "ab" * 32, **place)
    assert tiling.tile_of(blobs, 1, "ab" * 32, level=9, x=0, y=0) is None
    tiling.forget(blobs, 1, "ab" * 32)
    with pytest.raises(BlobMissingError):
        tiling.tile_of(blobs, 1, "ab" * 32, **place)


def test_a_fourth_band_is_opacity_only_where_the_file_says_so(tmp_path):
    values = np.full((40, 60, 4), 90, np.uint8)
    values[:, :, 3] = 0
    Image.fromarray(values, "RGBA").save(tmp_path / "a.png")
    Image.fromarray(values, "RGBX").save(tmp_path / "infrared.tif")
    found = [
        shown(tmp_path / name, kind).numpy()[0, 0].tolist()
        for name, kind in (("a.png", "image/png"), ("infrared.tif", "image/tiff"))
    ]

    assert found == [[90, 90, 90, 0], [90, 90, 90]]


def test_a_cutting_leaves_nothing_of_one_that_was_killed(tmp_path):
    blobs = LocalBlobs(tmp_path / "blobs")
    blobs.put("media/1/a", raster(tmp_path / "a.tif", np.full((30, 60), 7, np.uint8)).read_bytes())
    place = f"tiles/1/ab/{'ab' * 32}"
    blobs.put(f"{place}/left.zip", b"half")

    tiling.make(
        Settings(data=tmp_path), blobs, 1, "ab" * 32, key="media/1/a", folder=tmp_path, tell=lambda _percent: None
    )

    assert sorted(stored.key.rsplit(".", 1)[-1] for stored in blobs.list(f"{place}/")) == [f"{place}/index", "zip"]
    assert f"{place}/left.zip" not in {stored.key for stored in blobs.list(f"{place}/")}


def test_a_picture_is_large_by_its_pixels_or_by_one_side():
    settings = Settings(data="", tile_pixels=1000, tile_side=100)

    found = [
        tiling.is_large(Facts(width=w, height=h), settings) for w, h in ((20, 20), (90, 20), (101, 1), (None, None))
    ]

    assert found == [False, True, True, False]


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_of_several_bands_and_sixteen_bits_is_shown_by_its_first_three(tmp_path, big):
    values = np.zeros((40, 60, 5), np.uint16)
    values[:, 30:, 0] = 3000
    values[20:, :, 2] = 900
    path = raster(tmp_path / "bands.tif", values, big=big)

    facts = look_at(path, 10_000).facts
    shown = np.asarray(Image.open(io.BytesIO(shrink(path, None, LIMIT).data)))

    assert (facts.width, facts.height, facts.bands, facts.media_type) == (60, 40, 5, "image/tiff")
    assert shown[0, 0].tolist() == [0, 0, 0]
    assert shown[30, 50].tolist() == [255, 0, 255]


def test_a_geotiff_says_where_its_pixels_lie(tmp_path):
    scale, tie = (12, (10.0, 10.0, 0.0)), (12, (0.0, 0.0, 0.0, 500000.0, 5300000.0, 0.0))
    projected = keys(1025, 0, 1, 1, 3072, 0, 1, 32633)

    found = look_at(located(tmp_path / "a.tif", t33550=scale, t33922=tie, t34735=projected), 10_000).facts

    assert found.geo == Geo((10.0, 0.0, 500000.0, 0.0, -10.0, 5300000.0), "EPSG:32633")


def test_a_geotiff_of_points_names_the_corner_of_a_pixel_and_its_system_in_words(tmp_path):
    matrix = (12, (2.0, 0.0, 0.0, 100.0, 0.0, -4.0, 0.0, 50.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
    own = keys(1025, 0, 1, 2, 3072, 0, 1, 32767, 3073, 34737, 9, 0)

    found = look_at(located(tmp_path / "a.tif", t34264=matrix, t34735=own, t34737=(2, "My grid  |")), 10_000).facts

    assert found.geo == Geo((2.0, 0.0, 99.0, 0.0, -4.0, 52.0), "My grid")
