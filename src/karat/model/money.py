"""Money: whole numbers of a currency's smallest unit, so that sums are exact, and the one way in which shares are rounded."""

import re
from fractions import Fraction

# ISO 4217 (2024): currencies whose smallest unit is not a hundredth.
_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 - readable
OTHER = {
    **dict.fromkeys(_WITHOUT, 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""How many decimals a currency has, of those that have not two."""
CURRENCY = re.compile(r"[A-Z]{3}")
MOST = 10**15
"""More than this of the smallest unit is a mistake; sums of it still fit a column of eight bytes."""


def digits(currency: str) -> int:
    """How many decimals a currency has.

    >>> digits("EUR"), digits("JPY"), digits("KWD")
    (2, 0, 3)
    """
    return OTHER.get(currency, 2)


def rounded(exact: Fraction) -> int:
    """An exact amount in whole units, half to even: over many lines rounding favours nobody (IEEE 754-2019, 4.3.1).

    >>> rounded(Fraction(5, 2)), rounded(Fraction(7, 2)), rounded(Fraction(-5, 2))
    (2, 4, -2)
    """
    return round(exact)


def shown(amount: int, currency: str) -> str:
    """An amount as people write it.

    >>> shown(123456, "EUR"), shown(-5, "EUR"), shown(1200, "JPY")
    ('1234.56 EUR', '-0.05 EUR', '1200 JPY')
    """
    places = digits(currency)
    whole, part = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:0{places}} {currency}" if places else f"{sign}{whole} {currency}"
