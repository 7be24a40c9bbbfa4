"""Debian's packages: those of the machine, and those unpacked for this checkout only."""
import os
import shutil
import subprocess

from .errors import Problem
from .paths import DEV
from .process import clean_env, output, run
from .progress import step

APT = DEV / 'apt'
KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'


def install(package, reason):
    """Install a package on the machine if that is allowed; else say how to."""
    command = f"apt-get install --no-install-recommends {package}"
    if not shutil.which('apt-get'):
        raise Problem(reason, f"Install `{package}` with your system's package manager.")
    if os.geteuid() != 0:
        raise Problem(reason, f"Run: sudo {command}")
    env = clean_env(DEBIAN_FRONTEND='noninteractive')
    with step(f"Installing the package {package} on this machine"):
        run(['apt-get', 'update'], log='apt-update', env=env)
        run([*command.split(), '--yes'], log='apt-install', env=env)


def download(suites, packages, folder):
    """Download ``packages`` of Debian's ``suites`` into ``folder``, signatures verified.

    The machine's own apt is asked only where its mirror is; it is not changed.
    """
    for site in _sites():
        _configure(site, suites)
        if _update_succeeds():
            folder.mkdir(parents=True, exist_ok=True)
            run(['apt-get', 'download', *packages], log='apt-download', cwd=folder, env=_env())
            return
    raise Problem(
        "No mirror in this machine's apt configuration gave Debian's package lists "
        "(see .dev/log/apt-lists.log).",
        "Check the network. On a system that is not Debian, get Odoo's sources "
        "(branch 19.0) and set ODOO_PATH to their folder.",
    )


def unpack(package, folder, exclude=()):
    """Unpack a .deb file into ``folder``, without the files that match ``exclude``."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = subprocess.Popen(
        ['dpkg-deb', '--fsys-tarfile', package], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )
    with archive:
        patterns = [f'--exclude={pattern}' for pattern in exclude]
        command = ['tar', '--extract', '--no-same-owner', *patterns]
        run(command, log='unpack', cwd=folder, stdin=archive.stdout)
    if archive.returncode:
        raise Problem(f"{package} is damaged.", "Run `./dev clean`, then try again.")


def _sites():
    """Return the mirrors that the machine's apt uses."""
    if not (shutil.which('apt-get') and os.path.exists(KEYRING)):
        raise Problem(
            "Odoo can be fetched by itself only on a system that has apt and Debian's keys.",
            "Install the package debian-archive-keyring; or get Odoo's sources (branch 19.0) "
            "and set ODOO_PATH to their folder.",
        )
    sites = output([
        'apt-get', 'indextargets', '--no-release-info', '--format', '$(SITE)',
        'Created-By: Packages',
    ])
    return list(dict.fromkeys(sites.split()))


def _configure(site, suites):
    """Write an apt configuration that touches nothing outside ``APT``."""
    for folder in ('empty', 'lists/partial', 'cache/archives/partial'):
        (APT / folder).mkdir(parents=True, exist_ok=True)
    (APT / 'status').touch()
    (APT / 'sources.list').write_text(''.join(
        f'deb [signed-by={KEYRING}] {site} {suite} main\n' for suite in suites
    ))
    (APT / 'apt.conf').write_text(f'''\
Dir::Etc "{APT}";
Dir::Etc::Main "empty";
Dir::Etc::Parts "empty";
Dir::Etc::SourceList "sources.list";
Dir::Etc::SourceParts "empty";
Dir::Etc::Preferences "empty";
Dir::Etc::PreferencesParts "empty";
Dir::State "{APT}";
Dir::State::status "status";
Dir::Cache "{APT}/cache";
Acquire::Languages "none";
Acquire::Retries "2";
// Root needs no second user to write into its own checkout.
APT::Sandbox::User "root";
// A mirror may be some days behind; the signature still proves where its lists come from.
Acquire::Check-Valid-Until "false";
''')


def _update_succeeds():
    """Fetch the package lists; return False when the mirror does not have them."""
    try:
        run(['apt-get', 'update', '--error-on=any'], log='apt-lists', env=_env())
    except Problem:
        return False
    return True


def _env():
    return clean_env(APT_CONFIG=APT / 'apt.conf', LC_ALL='C.UTF-8')
