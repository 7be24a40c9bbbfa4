"""Build a wheel of each add-on into dist/, to install with pip beside an Odoo."""
from .. import addons, python_env, workshop
from ..paths import ROOT
from ..process import clean_env, run
from ..progress import say, step

DIST = ROOT / 'dist'


def add_arguments(_parser):
    pass


def main(_args):
    workshop.prepare()
    # The version is the manifest's, whatever was committed since.
    env = clean_env(WHOOL_POST_VERSION_STRATEGY_OVERRIDE='none')
    for name in addons.names():
        with step(f"Building the wheel of {name}"):
            run(
                [python_env.PYTHON, '-m', 'pip', 'wheel', '--no-deps', '--no-build-isolation',
                 '--wheel-dir', DIST, ROOT / name],
                log='wheel', env=env,
            )
    for wheel in sorted(DIST.glob('*.whl')):
        say(str(wheel.relative_to(ROOT)))
