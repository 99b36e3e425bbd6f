def test_the_process_says_that_it_lives(team):
    answer = team.server.http.get("/healthz")

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
