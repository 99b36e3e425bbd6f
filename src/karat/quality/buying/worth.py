"""What one more vote on an item is worth, against one on another."""


def worth(risk: float, votes: int) -> float:
    """The risk of a wrong label that one more vote may take away, about: in [0, 1], higher is bought first.

    `risk` is 1 less the probability of the label, `votes` how many the item has. The more votes have left a doubt, the less
    the next one moves it: the gain of a vote falls off as the posterior's step, one part in `votes` + 1. It is the order in
    which `replay` buys; nobody needs to be named who gives the vote, so it can order a queue from which anybody takes.

    >>> worth(0.3, 1) > worth(0.3, 2) > worth(0.1, 1)
    True
    """
    return risk / (votes + 1)
