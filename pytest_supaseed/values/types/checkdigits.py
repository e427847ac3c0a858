"""Check digits of identifiers: EAN (and UPC, ISBN-13, ISSN), ISBN-10, Luhn (cards, IMEI) and IBAN."""

from __future__ import annotations


def ean_check_digit(digits: str) -> str:
    """Return the check digit of an EAN, UPC, ISBN-13 or ISSN as EAN: weights 3 and 1 in turn, the last digit has 3.

    Example:
        >>> ean_check_digit("978039304002")
        '9'
    """
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def isbn_10_check_digit(digits: str) -> str:
    """Return the check digit of an ISBN-10, ``X`` for ten: weights from 10 down to 2, modulo 11.

    Example:
        >>> isbn_10_check_digit("039304002"), isbn_10_check_digit("080442957")
        ('X', 'X')
    """
    total = sum((10 - at) * int(digit) for at, digit in enumerate(digits))
    check = -total % 11
    return "X" if check == 10 else str(check)


def luhn_check_digit(digits: str) -> str:
    """Return the check digit of a card number or IMEI (ISO/IEC 7812): every other digit is doubled, the last one too.

    Example:
        >>> luhn_check_digit("424242424242424")
        '2'
    """
    total = sum(
        sum(divmod(2 * int(digit), 10)) if at % 2 == 0 else int(digit)
        for at, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def iban_check_digits(country: str, account: str) -> str:
    """Return the two check digits of an IBAN (ISO 7064, MOD 97-10).

    Args:
        country: two capital letters.
        account: the digits after the check digits.

    Example:
        >>> iban_check_digits("DE", "370400440532013000")
        '89'
    """
    letters = "".join(str(int(letter, 36)) for letter in country)
    return f"{98 - int(f'{account}{letters}00') % 97:02}"
