"""Habits of writing names that `names_compared` knows: data, each line one name or syllable.

Kept short: only what is one name in everyday papers. What is not here is a difference an officer looks at.
"""

from typing import Final

# each line one name or syllable by several habits; Cantonese and Mandarin readings are no spellings of each
# other: only the characters say that “Chan” and “Chen” are one name
SPELLINGS: Final = (
    # Hong Kong, Macao, Guangdong abroad
    "leung leong",
    "cheung cheong",
    "yeung yeong ieong",
    "wong vong",
    "kwok kuok kwock",
    "kwan kuan",
    "kwong kuong",
    "tsz tze tzu",
    "ng eng",
    "ho hou",
    "lee lei",
    "chow chau",
    "kei kay",
    "yuk iok",
    "yiu io",
    # Arabic and Indian names in letters
    "mohammed muhammad mohamed mohammad muhammed mohamad mohd md",
    "ahmed ahmad",
    "yusuf yousef yousuf youssef jusuf",
    "husain hussain hussein husein",
    "lakshmi laxmi",
    "lakshman laxman",
    "sri shri shree",
    "dutta datta",
    "banerjee banerji",
    "mukherjee mukherji",
    # Indonesian names before and after the spelling of 1972
    "suharto soeharto",
    "sukarno soekarno",
    "susilo soesilo",
    "budi boedi",
    "joko djoko",
    "wijaya widjaja widjaya",
    "cahyo tjahjo",
    # Korean
    "lee yi rhee",
    "park pak bak",
    "choi choe",
    "jung jeong chung",
    "young yeong",
    "hyun hyeon",
)

# family names whose character is read otherwise than in most words
READ_OTHERWISE: Final = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "区": "ou",
    "盖": "ge",
    "翟": "zhai",
    "朴": "piao",
    "任": "ren",
    "华": "hua",
    "覃": "qin tan",
    "尉": "wei",
    "缪": "miao",
    "乐": "yue le",
    "召": "shao",
    "种": "chong",
    "秘": "bi",
    "冼": "xian",
    "折": "she",
    "长": "zhang",
    "沈": "shen",
}

# what stands before or behind a name, or in the place of one that a passport has not
TITLES: Final = frozenset(
    {"prof", "professor", "dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "ir", "sr", "sir", "madam"}
    | {"phd", "mbbs", "msc", "bsc", "fnu", "lnu", "xxx"}
)
