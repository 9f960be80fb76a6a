"""Django settings, drawn from the environment."""

from pathlib import Path
from typing import Any

from csp.constants import NONCE, SELF

from jumun.core import database, environment

ENV = environment.load()
BASE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENV.secret_key or "not-set-only-for-build-steps"
ENCRYPTION_KEYS = [key for key in ENV.encryption_keys.split(",") if key]
DEBUG = ENV.debug
DEMO = ENV.demo
ALLOWED_HOSTS = [host for host in ENV.hosts.split(",") if host]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "jumun.core",
    "jumun.companies",
    "jumun.jobs",
    "jumun.catalog",
    "jumun.channels",
    "jumun.orders",
    "jumun.matching",
    "jumun.intake",
    "jumun.packing",
    "jumun.stock",
    "jumun.waybills",
    "jumun.dispatch",
    "jumun.claims",
    "jumun.exports",
    "jumun.web",
    "jumun.config.apps.WiringConfig",
]

MIDDLEWARE = [
    "jumun.api.problems.api_problems",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jumun.web.language.LanguageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jumun.config.urls"
WSGI_APPLICATION = "jumun.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "jumun.web.shell.theme",
            ]
        },
    }
]

DATABASES = {"default": database.django_database(ENV)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "companies.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
AXES_FAILURE_LIMIT = ENV.lockout_tries
AXES_COOLOFF_TIME = ENV.lockout_minutes / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "email"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "jumun.web.login.tell_locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

SESSION_ENGINE = "jumun.companies.sessions"
SESSION_COOKIE_AGE = ENV.session_minutes * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "jumun.web.errors.csrf_refused"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000  # a screen of several thousand rows with a few fields each
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE / "web" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": {"BACKEND": ENV.files_backend, "OPTIONS": ENV.files_options}
    if ENV.files_backend
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": ENV.data / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 3600

PROCRASTINATE_ON_APP_READY = "jumun.jobs.queue.on_ready"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"class": "jumun.core.logs.PlacesOnly", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": ENV.log_level},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},  # not to Django's own handlers, which print and mail values
        "axes": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "msoffcrypto": {"level": "WARNING"},  # it tells its keys to whoever listens closer
    },
}
