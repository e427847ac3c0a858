"""Settings of a project for the tests: the database that they name does not exist."""

SECRET_KEY = "for tests"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.postgres", "blog"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "development",
        "HOST": "db.invalid",
        "PORT": "6543",
        "USER": "developer",
        "PASSWORD": "secret",
        "CONN_MAX_AGE": 60,
        "TIME_ZONE": "Europe/Berlin",
        "OPTIONS": {"sslmode": "require", "application_name": "blog", "options": "-c statement_timeout=77s"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "config.urls"
STATIC_URL = "static/"
USE_TZ = True
