"""Where things are. All that ./dev makes is under DEV."""
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / '.dev'
LOG = DEV / 'log'
DATA = DEV / 'data'
