"""letter.py ADDRESS RECIPIENT - delivers a letter there as a mail server would, DATA and all; prints the answer.

For hosts that are not the sender: mxprobe and its addresses never do this.
"""
import smtplib
import sys

LETTER = "From: somebody@elsewhere.test\r\nTo: {to}\r\nSubject: hello\r\nMessage-ID: <1@elsewhere.test>\r\n\r\nHello.\r\n"

address, recipient = sys.argv[1:]
with smtplib.SMTP(address, timeout=30, local_hostname="elsewhere.test") as server:
    try:
        server.sendmail("somebody@elsewhere.test", [recipient], LETTER.format(to=recipient))
        print("250 taken")
    except smtplib.SMTPResponseException as refused:
        print(refused.smtp_code, refused.smtp_error.decode(errors="replace"))
