"""What the class reads before it installs an authority; filled in with its name and fingerprint."""

from string import Template

_STYLE = """
body { font: 17px/1.55 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
:root { color-scheme: light dark; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
code { overflow-wrap: anywhere; font: .9rem/1.6 ui-monospace, monospace; }
a.take { display: inline-block; padding: .7rem 1.2rem; border: 2px solid; border-radius: .5rem; font-weight: 600; }
summary { font-weight: 600; padding: .45rem 0; cursor: pointer; }
ol, p { margin: .5rem 0; } li { margin: .3rem 0; }
"""

_MEANS = """
<h1>Let this device use its camera here</h1>
<p>A browser gives its camera only to a page that comes over https. The machine that runs Fovea has no name of the
internet that a certificate could be bought for, so it vouches for itself, with an authority that it made:
<b>$name</b>.</p>

<h2>1. Compare</h2>
<p>This is the authority's SHA-256 fingerprint. It must be the one in the terminal where Fovea was started: ask for it
to be shown. If they differ, somebody else sent you this page: stop here.</p>
<p><code id="fingerprint">$fingerprint</code></p>

<h2>2. Know what it means</h2>
<p>From then on this device believes certificates signed with a key that lies on that one machine. Someone who took the
key could pose as other machines of a local network to this device. The authority is limited to addresses of local
networks, that machine's own, and names that end in <code>.local</code>, <code>.lan</code> or <code>localhost</code>,
and so not to be believed about a bank or any other site of the internet. Firefox, and Chrome and Edge from version 112
on, hold it to that; the standard leaves it to each browser. Remove it when the class is over; the steps are below.
If the device is your school's or your employer's, ask them first.</p>
<p><b>You need not install it.</b> Open <a href="$page">$page</a> all the same: the browser warns that it cannot tell
whose page this is, and lets you go on under &ldquo;Advanced&rdquo; or &ldquo;Show details&rdquo;. What you send is
encrypted then too, but nobody vouches that it goes to the right machine, the warning comes back, and some browsers,
Safari among them, may still refuse the live picture. Everything but the live camera works without any of this.</p>

<h2>3. Install it</h2>
<p><a class="take" href="$file">Download the authority</a></p>
"""

_STEPS = """
<details><summary>iPhone, iPad</summary><ol>
<li>Open this page in Safari, download the authority, and allow it.</li>
<li>Settings &rsaquo; Profile Downloaded &rsaquo; Install.</li>
<li>Settings &rsaquo; General &rsaquo; About &rsaquo; Certificate Trust Settings: turn on full trust for
<b>$name</b>. Without this step nothing has changed.</li>
<li><i>To remove it:</i> Settings &rsaquo; General &rsaquo; VPN &amp; Device Management &rsaquo; <b>$name</b> &rsaquo;
Remove Profile.</li></ol></details>
<details><summary>Android</summary><ol>
<li>Download the authority.</li>
<li>Settings &rsaquo; Security and privacy &rsaquo; More &rsaquo; Encryption and credentials &rsaquo; Install a
certificate &rsaquo; CA certificate &rsaquo; Install anyway, then choose the file. (Searching the settings for
&ldquo;CA certificate&rdquo; finds it on every phone.) Android will say that the network may be monitored: it says so of
every authority.</li>
<li>Use Chrome. Firefox for Android does not look at this list.</li>
<li><i>To remove it:</i> the same place &rsaquo; User credentials &rsaquo; <b>$name</b> &rsaquo; Remove.</li></ol>
</details>
<details><summary>Windows</summary><ol>
<li>Download and open the file &rsaquo; Install Certificate &rsaquo; Current User &rsaquo; Place all certificates in the
following store &rsaquo; Trusted Root Certification Authorities.</li>
<li>Open the browser anew.</li>
<li><i>To remove it:</i> run <code>certmgr.msc</code> &rsaquo; Trusted Root Certification Authorities &rsaquo;
Certificates &rsaquo; <b>$name</b> &rsaquo; Delete.</li></ol></details>
<details><summary>macOS</summary><ol>
<li>Download and open the file; Keychain Access adds it to <i>login</i>.</li>
<li>Double-click <b>$name</b> there &rsaquo; Trust &rsaquo; When using this certificate: Always Trust.</li>
<li><i>To remove it:</i> delete it in Keychain Access.</li></ol></details>
<details><summary>Linux, Chromebook</summary><ol>
<li>Chrome, Chromium, Chromebook: open <code>chrome://certificate-manager</code> &rsaquo; Custom &rsaquo; Installed by
you &rsaquo; Trusted Certificates &rsaquo; Import. (Older ones: Settings &rsaquo; Privacy and security &rsaquo; Security
&rsaquo; Manage certificates &rsaquo; Authorities &rsaquo; Import, for identifying websites.)</li>
<li><i>To remove it:</i> delete it in the same list.</li></ol></details>
<details><summary>Firefox on a computer</summary><ol>
<li>Settings &rsaquo; Privacy &amp; Security &rsaquo; Certificates &rsaquo; View Certificates &rsaquo; Authorities
&rsaquo; Import, and tick &ldquo;identify websites&rdquo;.</li>
<li><i>To remove it:</i> Delete or Distrust in the same list.</li></ol></details>

<h2>4. Open the page</h2>
<p><a href="$page">$page</a></p>
"""

PAGE = Template(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Fovea: the authority</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    f"<style>{_STYLE}</style></head><body><main>{_MEANS}{_STEPS}</main></body></html>"
)
