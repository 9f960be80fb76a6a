"""What the HTTP server loads."""

import os

from django.core.wsgi import get_wsgi_application

from jumun.core.live_listener import listener
from jumun.core.serving import by_turns, on_leaving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumun.config.settings")
application = by_turns(get_wsgi_application())
on_leaving(listener.close)
