"""Words that passwords are commonly built of, and the rows of keys that fingers run along.

Written for this project from general knowledge, not copied from a breach: an attacker's first list is made of these,
with digits and signs around them. A site gives its own, larger list to `check_password` besides.
"""

KEY_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
)

WORDS = frozenset(
    """
    password passwort passwords pass passwd pwd passcode passphrase motdepasse contrasena parola wachtwoord kennwort
    secret secrets geheim private login logon signin access account user username guest admin administrator root
    master superuser sysadmin system server computer internet network windows microsoft google apple linux android
    default change changeme changeit letmein letme open opensesame sesame welcome willkommen bienvenue welcomeback
    hello hallo bonjour goodbye goodday goodmorning test testing tester demo sample example temp temporary initial
    qwerty qwertz azerty qwertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm yxcvbnm keyboard abc abcd abcdef abcdefgh

    iloveyou iloveu loveyou loveme love lover forever always mylove sweetheart honey darling baby babygirl princess
    prince queen king angel angels sunshine moonlight rainbow flower flowers butterfly rose daisy lily cherry
    spring summer autumn fall winter sommer herbst season january february march april may june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday weekend
    today tomorrow night morning birthday christmas easter holiday vacation

    football baseball basketball hockey soccer tennis golf chelsea arsenal liverpool barcelona juventus yankees cowboys
    lakers steelers eagles champion winner batman superman spiderman ironman starwars pokemon pikachu matrix naruto
    dragon monkey tiger lion eagle falcon wolf bear shark dolphin horse puppy kitty cat dog bird fish snake panther
    banana orange apples cookie chocolate cheese pizza coffee pepper ginger whatever nothing something trustno
    trustnoone freedom liberty victory power super hunter ranger soldier warrior ninja samurai shadow silver golden
    diamond purple yellow green blue red black white mustang ferrari porsche mercedes harley corvette camaro

    michael jennifer jessica ashley daniel thomas robert william andrew joshua matthew anthony charlie jordan george
    nicole amanda samantha michelle maria anna peter martin stefan andreas alexander london paris berlin america
    germany england france newyork boston texas dallas jesus christ heaven blessed god faith

    company office work worker job boss manager team project product production quality release batch factory plant
    pharma pharmacy medicine doctor nurse hospital clinic laboratory lab sterile aseptic cleanroom filling operator
    supervisor shift nightshift dayshift deviation signature approve approved sponsor terminal kiosk badge

    correcthorsebatterystaple correct horse battery staple my your our the this that is am are you me one two
    """.split()  # noqa: SIM905 - a page of words is read more easily than a list of strings
)
"""Lower case, letters only."""
