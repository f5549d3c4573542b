"""What cloud-init makes of user data: reads a JSON object of texts, writes the parts of each. The first argument is where cloud-init is."""
import json
import sys

sys.path.insert(0, sys.argv[1])

from cloudinit import user_data, version  # noqa: E402


class Nowhere:
    """Where cloud-init keeps files: nothing here has any."""

    def get_ipath_cur(self, *_):
        return "/nowhere"

    def get_ipath(self, *_):
        return None

    get_cpath = get_ipath_cur


def parts(text):
    message = user_data.UserDataProcessor(Nowhere()).process(text.encode())
    return [
        [part.get_content_type(), part.get_payload(decode=True).decode()]
        for part in message.walk()
        if not part.is_multipart()
    ]


given = json.load(sys.stdin)
json.dump({"version": version.version_string(), "parts": {name: parts(text) for name, text in given.items()}}, sys.stdout)
