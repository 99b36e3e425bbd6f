"""An answer that was acknowledged survives a kill -9, once and as it was sent."""

from karat.testing.killing import live_through


def test_no_acknowledged_answer_is_lost_or_doubled_when_the_server_is_killed(tmp_path, database):
    story = live_through(tmp_path, database, kills=2, items=4_000)

    assert story.wrong == []
    assert story.kills == 2
    assert len(story.acknowledged) > 50
