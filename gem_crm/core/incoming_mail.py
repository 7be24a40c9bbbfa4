"""What can be told of an e-mail from its source, however broken the source is.

And its text, as a person reads it.
"""
import re
from email import message_from_bytes, policy
from email.header import Header, decode_header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesHeaderParser
from email.utils import formataddr, getaddresses
from hashlib import sha256

RECIPIENTS = (
    'To', 'Cc', 'Delivered-To', 'X-Original-To', 'Envelope-To', 'Resent-To', 'Resent-Cc',
)
# Written by the servers that a mail passes: they differ between two deliveries of one mail.
OF_THE_DELIVERY = {
    b'received', b'return-path', b'delivered-to', b'x-original-to', b'envelope-to',
    b'authentication-results', b'received-spf',
}
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*", re.ASCII)
REFERENCE = re.compile(r'<[^<>\s]+>')
BLOCK = re.compile(r'<pre\b[^>]*>(.*?)</pre>', re.DOTALL)
# By which Odoo marks what is quoted.
SPAN = re.compile(r'</?span\b[^>]*>')
BLANK_LINES = re.compile(r'\n(?:[^\S\n]*\n)+')
# Of spaces at the beginning of a line or before another one, a page shows one or none.
MELTING = re.compile(r'^ | (?= )')
UNPRINTABLE = re.compile(r'[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]')
# Longer than any line that a mail may have.
HEADER_AT_MOST = 998
# As much as a person would read.
TEXT_AT_MOST = 100_000


class IncomingMail:
    """The source of an e-mail, read leniently: nothing in it makes this raise."""

    def __init__(self, raw):
        """Keep the source.

        :param bytes raw: the mail as it was received
        """
        self.raw = raw
        # What is found out on its way through the gateway.
        self.is_forced = False  # a person says that it is a complaint
        self.kept_as = None  # the reason for which it becomes none
        self.addresses_found = None  # the records of the addresses that it went to
        self._of_company = {}  # the address that each company writes from
        self.people = {}  # whom its addresses are known as
        self.headers = BytesHeaderParser(policy=policy.compat32).parsebytes(
            raw.lstrip(b'\r\n')[:1_000_000])

    def address_of(self, company):
        """Return the address from which a company writes about complaints, looked up once.

        :param company: res.company
        """
        if company not in self._of_company:
            Address = company.env['gem.crm.complaint.address']
            self._of_company[company] = Address._of_company(company)
        return self._of_company[company]

    def text(self, name):
        """Return a header as one line of text, decoded, empty if there is none.

        >>> IncomingMail(b'Subject: =?utf-8?q?Caf=C3=A9?= du\\r\\n coin').text('Subject')
        'Café du coin'
        >>> IncomingMail(b'Subject: Caf\\xe9 \\x00').text('Subject')
        'Caf\\ufffd'
        >>> IncomingMail(b'Subject: =?unheard-of?q?Caf=E9?=').text('Subject')
        'Caf\\ufffd'
        >>> IncomingMail(b'').text('Subject')
        ''
        """
        try:
            parts = decode_header(self.headers.get(name, ''))
        except Exception:  # what decoding raises depends on what is broken
            parts = [(str(self.headers.get(name, '')), None)]
        text = ''.join(
            part if isinstance(part, str) else _decode(part, charset) for part, charset in parts)
        return printable(' '.join(text.split()))[:HEADER_AT_MOST].strip()

    def addresses(self, *names):
        """Return the (name, address) of each address in these headers.

        >>> IncomingMail(b'From: "Roy, A." <A@x.example>\\nCc: b@y.example, ,').addresses(
        ...     'From', 'Cc')
        [('Roy, A.', 'a@x.example'), ('', 'b@y.example')]
        """
        found = []
        for name in names:
            try:
                values = [printable(str(value)) for value in self.headers.get_all(name, [])]
                pairs = getaddresses(values)
            except Exception:  # as above
                pairs = []
            for person, address in pairs:
                if match := ADDRESS.search(address):
                    try:
                        person = ''.join(
                            part if isinstance(part, str) else _decode(part, charset)
                            for part, charset in decode_header(person))
                    except Exception:  # as above
                        person = ''
                    found.append((printable(' '.join(person.split())), match[0].lower()))
        return found

    @property
    def sender(self):
        """The address that it says it is from, empty if it says none.

        >>> IncomingMail(b'From: Ines <Ines@Horizon.example>').sender
        'ines@horizon.example'
        """
        return next((address for _name, address in self.addresses('From', 'Sender')), '')

    @property
    def recipients(self):
        """The addresses that it went to."""
        return list(dict.fromkeys(address for _name, address in self.addresses(*RECIPIENTS)))

    @property
    def references(self):
        """The identifiers of the mails that it answers.

        >>> IncomingMail(b'References: <a@x>\\n <b@x>\\nIn-Reply-To: <b@x>').references
        ['<a@x>', '<b@x>']
        """
        text = f"{self.text('References')} {self.text('In-Reply-To')}"
        return list(dict.fromkeys(REFERENCE.findall(text)))

    @property
    def identifier(self):
        """Its Message-Id, if it has one that can be kept.

        >>> IncomingMail(b'Message-ID: <a@x>').identifier
        '<a@x>'
        >>> IncomingMail(b'Message-ID: none').identifier
        ''
        """
        found = REFERENCE.fullmatch(self.text('Message-Id'))
        return found[0] if found else ''

    @property
    def key(self):
        """What tells it from all other mails, the same at each delivery.

        >>> once = IncomingMail(b'Received: from a\\nSubject: Late\\n\\nStill nothing')
        >>> again = IncomingMail(b'Received: from b\\n by c\\nSubject: Late\\n\\nStill nothing')
        >>> once.key == again.key != IncomingMail(b'Subject: Late\\n\\nNothing').key
        True
        """
        return self.identifier or f'<{self._fingerprint()}@no-message-id>'

    def _fingerprint(self):
        head, _blank, body = self.raw.replace(b'\r\n', b'\n').partition(b'\n\n')
        kept, keeping = [], True
        for line in head.split(b'\n'):
            if not line[:1].isspace():
                keeping = line.partition(b':')[0].strip().lower() not in OF_THE_DELIVERY
            if keeping:
                kept.append(line)
        return sha256(b'\n'.join([*kept, b'', body.strip()])).hexdigest()

    def sent_by_a_machine(self):
        """Return whether no person wrote it: an out-of-office reply, a list, a loop.

        >>> IncomingMail(b'Auto-Submitted: auto-replied (vacation)').sent_by_a_machine()
        True
        >>> IncomingMail(b'Auto-Submitted: no').sent_by_a_machine()
        False
        >>> IncomingMail(b'Precedence: bulk').sent_by_a_machine()
        True
        >>> IncomingMail(b'Return-Path: <>').sent_by_a_machine()
        True
        >>> IncomingMail(b'X-Auto-Response-Suppress: DR, RN, AutoReply').sent_by_a_machine()
        True

        Many a program writes this one on what people send, only to hear of no absence:

        >>> IncomingMail(b'X-Auto-Response-Suppress: OOF').sent_by_a_machine()
        False
        """
        submitted = self.text('Auto-Submitted').lower()
        suppressed = set(re.findall(r'\w+', self.text('X-Auto-Response-Suppress').lower()))
        precedence = self.text('Precedence').lower()
        return bool(
            submitted and not submitted.startswith('no')
            or suppressed & {'all', 'autoreply'}
            or precedence in ('bulk', 'list', 'junk', 'auto_reply')
            or self.text('Return-Path').replace(' ', '') == '<>'
            or any(
                self.headers.get(name) is not None
                for name in ('X-Autoreply', 'X-Autorespond', 'X-Auto-Reply-From')
            )
        )

    def wants_no_answer(self):
        """Return whether nothing may be sent in answer by itself.

        >>> IncomingMail(b'From: shop@x.example\\nList-Id: <x>').wants_no_answer()
        True
        >>> IncomingMail(b'From: no-reply@x.example').wants_no_answer()
        True
        >>> IncomingMail(b'From: nora@x.example').wants_no_answer()
        False
        """
        mailbox = re.sub(r'[^a-z]', '', self.sender.partition('@')[0])
        return bool(
            self.sent_by_a_machine()
            or not self.sender
            or mailbox in ('noreply', 'donotreply', 'nepasrepondre', 'mailerdaemon', 'postmaster')
            or any(
                self.headers.get(name) is not None
                for name in ('List-Id', 'List-Unsubscribe', 'X-Auto-Response-Suppress')
            )
        )

    def body(self):
        """Return what can be read of it as plain text.

        >>> IncomingMail(b'Subject: x\\nContent-Type: text/plain; charset=y\\n\\nOui \\xe9').body()
        'Oui \\ufffd'
        """
        try:
            parts = [
                _decode(part.get_payload(decode=True) or b'', part.get_content_charset())
                for part in message_from_bytes(self.raw, policy=policy.compat32).walk()
                if part.get_content_maintype() == 'text' and not part.get_filename()
            ]
        except Exception:  # the text is worth more than what is wrong with it
            parts = []
        text = '\n\n'.join(filter(None, map(str.strip, parts)))
        if not text:
            text = _decode(self.raw.replace(b'\r\n', b'\n').partition(b'\n\n')[2], None)
        return printable(text)[:TEXT_AT_MOST]

    def mended(self):
        """Return the source of a mail that says the same, can be read, and holds this one.

        >>> broken = IncomingMail(b'From: a@x.example\\nSubject: Caf\\xe9\\n\\nNo\\x00thing')
        >>> mended = IncomingMail(broken.mended())
        >>> mended.sender, mended.text('Subject'), mended.body()
        ('a@x.example', 'Caf\\ufffd', 'Nothing')
        >>> mended.identifier == broken.key
        True
        """
        mail = MIMEMultipart(policy=policy.compat32)
        for name in ('From', 'To', 'Cc', 'Delivered-To'):
            pairs = self.addresses(name)
            if name == 'From' and not pairs:
                pairs = self.addresses('Sender')
            if pairs:
                mail[name] = ', '.join(map(formataddr, pairs))
        mail['Subject'] = Header(self.text('Subject'), 'utf-8')
        mail['Message-Id'] = self.key
        if self.references:
            mail['References'] = ' '.join(self.references[-32:])
        mail.attach(MIMEText(self.body(), 'plain', 'utf-8'))
        original = MIMEApplication(self.raw)
        original.add_header('Content-Disposition', 'attachment', filename='original.eml')
        mail.attach(original)
        return mail.as_bytes(policy=policy.compat32.clone(linesep='\r\n'))


def in_paragraphs(body):
    """Return the cleaned HTML of a mail with its plain text in paragraphs, not as a block of code.

    Lines stay lines, and the spaces that line up what is written stay, too.

    >>> in_paragraphs('<pre>Good day,\\n\\ntwo  cups &lt;of 3&gt;\\nare torn\\n</pre>\\n')
    '<p>Good day,</p><p>two\\xa0 cups &lt;of 3&gt;<br>are torn</p>'

    >>> in_paragraphs('<pre>Yes<span data-o-mail-quote="1">\\n\\n&gt; All three?</span></pre>')
    '<p>Yes</p><p>&gt; All three?</p>'

    What is more than text in such a block keeps it:

    >>> in_paragraphs('<p>See</p><pre><b>2</b> cups\\n1 bowl</pre>')
    '<p>See</p><div><b>2</b> cups<br>1 bowl</div>'
    >>> in_paragraphs('<p>See</p>')
    '<p>See</p>'
    """
    return BLOCK.sub(_in_paragraphs, body).strip()


def _in_paragraphs(block):
    text = SPAN.sub('', block[1]).replace('\r\n', '\n').strip('\n')
    if '<' in text:
        return f'<div>{_in_lines(text)}</div>'
    return ''.join(f'<p>{_in_lines(part)}</p>' for part in BLANK_LINES.split(text))


def _in_lines(text):
    return '<br>'.join(
        MELTING.sub('\xa0', line.expandtabs()) for line in text.split('\n'))


def printable(text):
    """Return ``text`` without what neither a person reads nor a database keeps.

    >>> printable('a\\x00b\\udce9')
    'ab\\ufffd'
    """
    return UNPRINTABLE.sub(lambda found: '\ufffd' if found[0] >= '\ud800' else '', text)


def _decode(data, charset):
    try:
        return data.decode(charset or 'utf-8', 'replace')
    except (LookupError, ValueError):
        return data.decode('utf-8', 'replace')
