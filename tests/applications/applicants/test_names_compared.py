"""Names as papers in Hong Kong write them. Everybody here is made up."""

import time

import pytest

from applications.applicants.names_compared import (
    Agreement,
    Why,
    WrittenName,
    compare_names,
    name_keys,
    names_agree,
)

PROFILE = WrittenName("LAM", "Tsz Ching", "林芷晴")


def case(name, one, other, *why):
    return pytest.param(one, other, why, id=name)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        case("the same", "LAM Tsz Ching", "LAM Tsz Ching"),
        case("spaces around it", "LAM  Tsz Ching ", "LAM Tsz Ching"),
        case("a comma behind the family name", "LAM, Tsz Ching", "LAM Tsz Ching"),
        case("a title", "Prof. LAM Tsz Ching", "LAM Tsz Ching"),
        case("a title in characters", "林芷晴教授", PROFILE),
        case("two titles", "Prof. Dr. LAM Tsz Ching", "LAM Tsz Ching"),
        case("a given name that a passport has not", "FNU Lakshmi", "Lakshmi"),
        case("one name printed twice", "Wulandari Wulandari", "Wulandari"),
        case("Chinese characters alone", "林芷晴", PROFILE),
        case("letters alone", "LAM Tsz Ching", PROFILE),
        case("letters and characters", "LAM Tsz Ching 林芷晴", PROFILE),
        case("an accent made of two characters", "Jose\u0301 Ruiz", "José Ruiz"),
        case("capitals", "Lam Tsz Ching", PROFILE, Why.CAPITALS),
        case("family name last", "Tsz Ching LAM", PROFILE, Why.ORDER),
        case("a hyphen", "LAM Tsz-Ching", PROFILE, Why.SPACING),
        case("one word", "LAM TszChing", PROFILE, Why.SPACING),
        case("a hyphen and capitals", "LAM TSZ-CHING", PROFILE, Why.CAPITALS, Why.SPACING),
        case("pinyin in one word or two", "LIN Yu Han", "Lin Yuhan", Why.CAPITALS, Why.SPACING),
        case("a passport in capitals", "LIN YUHAN", "Lin Yuhan", Why.CAPITALS),
        case("the West's order of pinyin", "Yuhan Lin", "Lin Yuhan", Why.ORDER),
        case("ü as V", "LV Xiaoming", "LÜ Xiaoming", Why.SPELLING),
        case("ü as YU", "LYU Xiaoming", "LÜ Xiaoming", Why.SPELLING),
        case("ü as U", "LU Xiaoming", "LÜ Xiaoming", Why.ACCENTS),
        case("a dot of the German kind", "Jürgen Müller", "Juergen Mueller", Why.SPELLING),
        case("Macao's spelling", "LEONG Ka Man", "LEUNG Ka Man", Why.SPELLING),
        case("an English name left out", "CHAN Tai Man Peter", "CHAN Tai Man", Why.PART_MISSING),
        case("an English name before", "Peter CHAN Tai Man", "CHAN Tai Man", Why.PART_MISSING),
        case("an English name behind a comma", "CHAN Tai Man, Peter", "CHAN Tai Man", Why.PART_MISSING),
        case(
            "an English name and the West's order",
            "Peter Tai Man CHAN",
            "CHAN Tai Man, Peter",
            Why.ORDER,
        ),
        case("a husband's name before", "LAM CHENG Yuet Ngor", "CHENG Yuet Ngor", Why.PART_MISSING),
        case("initials", "CHAN T. M.", "CHAN Tai Man", Why.INITIALS),
        case("initials in one word", "TM CHAN", "CHAN Tai Man", Why.ORDER, Why.SPACING, Why.INITIALS),
        case("a father's initial", "R. Krishnan", "Krishnan Ramaswamy", Why.ORDER, Why.INITIALS),
        case("initials without a space", "R.K. Narayan", "Rasipuram Krishnaswami Narayan", Why.INITIALS),
        case("X for KSH", "Laxmi Iyer", "Lakshmi Iyer", Why.SPELLING),
        case("Mohammed in short", "Md. Rahman Ali", "Mohammed Rahman Ali", Why.SPELLING),
        case(
            "a second family name left out",
            "María José García",
            WrittenName("García López", "María José"),
            Why.ORDER,
            Why.PART_MISSING,
        ),
        case(
            "Spanish accents left out",
            "MARIA JOSE GARCIA LOPEZ",
            WrittenName("García López", "María José"),
            Why.ORDER,
            Why.ACCENTS,
        ),
        case("a particle written on", "Dela Cruz Juan", "de la Cruz Juan", Why.CAPITALS, Why.SPACING),
        case(
            "Vietnamese without marks, family last",
            "Huong Nguyen",
            WrittenName("Nguyễn", "Thị Minh Hương"),
            Why.ORDER,
            Why.ACCENTS,
            Why.PART_MISSING,
        ),
        case("Đ as D", "Dang Van Lam", "Đặng Văn Lâm", Why.ACCENTS),
        case("an Indonesian spelling of before 1972", "Soesilo Wibowo", "Susilo Wibowo", Why.SPELLING),
        case("an apostrophe left out", "OBrien Mary", "O'Brien Mary", Why.SPACING),
        case("simplified characters", "刘学锋", "劉學鋒", Why.CHARACTER_FORMS),
        case("another form of a character", "陳啟峰", "陳啓峯", Why.CHARACTER_FORMS),
        case("a dot between characters", "艾力买买提", "艾力·买买提", Why.SPACING),
        case(
            "the Mandarin reading on a Mainland certificate",
            "Lin Zhiqing",
            PROFILE,
            Why.READING,
        ),
        case("the reading, family last", "Zhiqing LIN", PROFILE, Why.READING),
        case(
            "the reading beside the characters, simplified",
            "CHEN Xuefeng 陈学锋",
            WrittenName("CHAN", "Hok Fung", "陳學鋒"),
            Why.READING,
            Why.CHARACTER_FORMS,
        ),
        case("the reading of a family name", "ZENG Wei", WrittenName("TSANG", "Wai", "曾偉"), Why.READING),
        case("characters alone on one, letters on the other", "林雨涵", "LIN Yuhan", Why.READING),
    ],
)
def test_names_that_agree(one, other, why):
    for compared in (compare_names(one, other), compare_names(other, one)):
        assert set(compared.why) == set(why)
        assert compared.agreement == (Agreement.TOLERATED if why else Agreement.SAME)
    # one is found by the other without comparing each
    assert name_keys(one) & name_keys(other)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        case("another given name", "LAM Tsz Yan", PROFILE, Why.LETTERS_DIFFER),
        case("one letter more", "LIN Yuhang", "LIN Yuhan", Why.LETTERS_DIFFER),
        case("another family name", "LAU Tsz Ching", PROFILE, Why.LETTERS_DIFFER),
        case("Mandarin without the characters", "CHEN Wai", "CHAN Wai", Why.LETTERS_DIFFER),
        case("half of a given name with a hyphen", "CHAN Tai", "CHAN Tai-Man", Why.LETTERS_DIFFER),
        case("an English name alone", "Chloe LAM", PROFILE, Why.LETTERS_DIFFER),
        case("the given names alone", "Tsz Ching", PROFILE, Why.LETTERS_DIFFER),
        case("one name of two", "Wulandari", "Wulandari Santoso", Why.TOO_LITTLE),
        case("initials that are others", "CHAN S. M.", "CHAN Tai Man", Why.LETTERS_DIFFER),
        case("nothing but initials", "C. T. M.", "CHAN Tai Man", Why.LETTERS_DIFFER),
        case("the family's initial", "Tai Man C.", WrittenName("CHAN", "Tai Man"), Why.LETTERS_DIFFER),
        case("other characters", "林芷清", PROFILE, Why.CHARACTERS_DIFFER),
        case("the same letters, other characters", "LAM Tsz Ching 林子晴", PROFILE, Why.CHARACTERS_DIFFER),
        case("the same characters, other letters", "LAM Mei Ling 林芷晴", PROFILE, Why.LETTERS_DIFFER),
        case("no script in common", "王小明", "CHAN Tai Man", Why.NO_COMMON_SCRIPT),
        case("a married name", "Anna Schmidt", "Anna Kowalska", Why.LETTERS_DIFFER),
        case("a brother's", "Arjun Sharma", "Arun Sharma", Why.LETTERS_DIFFER),
        case("nothing written", "", PROFILE, Why.TOO_LITTLE),
        case("titles alone", "Prof. Dr.", PROFILE, Why.TOO_LITTLE),
    ],
)
def test_names_that_differ(one, other, why):
    for compared in (compare_names(one, other), compare_names(other, one)):
        assert compared == (Agreement.DIFFERS, why)
        assert not names_agree(one, other)


def test_no_line_takes_long_to_compare():
    lines = ["a " * 60, "a b " * 5, "a a a a a a a a a b", "a a a a a a a a a c", "A" * 200, "ab " * 9]
    began = time.process_time()
    for one in lines:
        for other in lines:
            compare_names(one, other)
        name_keys(one)
    assert time.process_time() - began < 2
