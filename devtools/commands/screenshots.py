"""Take the pictures of the guide: each chapter in docs/screenshots, in English and French."""
import runpy

from ..errors import Problem
from ..paths import ROOT
from ..progress import step
from .shot import demo_server

LANGUAGES = {'en': 'en_US', 'fr': 'fr_FR'}
CHAPTERS = ROOT / 'docs' / 'screenshots'


def add_arguments(parser):
    parser.add_argument('chapters', nargs='*', help="only these chapters, such as follow_up")


def main(args):
    known = sorted(path.stem for path in CHAPTERS.glob('*.py'))
    if unknown := set(args.chapters) - set(known):
        raise Problem(
            f"There is no chapter {', '.join(sorted(unknown))}.",
            f"The chapters are {', '.join(known)}.",
        )
    for folder, lang in LANGUAGES.items():
        images = ROOT / 'docs' / 'images' / folder
        images.mkdir(parents=True, exist_ok=True)
        with demo_server(lang=lang) as server:
            # Not before the virtual environment is there.
            from ..browser import Browser
            for chapter in args.chapters or known:
                take = runpy.run_path(str(CHAPTERS / f'{chapter}.py'))['take']
                with step(f"Taking the pictures of {chapter} ({folder})"), \
                        Browser(server.url) as browser:
                    take(browser, lang, images)
