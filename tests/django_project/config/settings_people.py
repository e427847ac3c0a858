"""The same with a user model of the project's own, and a second database."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "people"]
AUTH_USER_MODEL = "people.Person"
# As Django's documentation advises for tests; the other settings have the usual ones, which take their time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = ""
DATABASES = {
    **DATABASES,
    "replica": {**DATABASES["default"], "TEST": {"MIRROR": "default"}},
    "reporting": {**DATABASES["default"], "NAME": "reports", "HOST": "reports.invalid"},
    "notes": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"},
}
