"""Administrative divisions of China (GB/T 2260 codes, as of 2023-06-30; origin and licence: content/places/data/README.md)."""

from django.db import models


class DivisionLevel(models.TextChoices):
    PROVINCE = "province", "省级"
    PREFECTURE = "prefecture", "地级"
    COUNTY = "county", "县级"


class DivisionType(models.TextChoices):
    """The kind of a division; a county-level city cannot be told from its code, so the type is stored."""

    MUNICIPALITY = "municipality", "直辖市"
    PROVINCE = "province", "省"
    AUTONOMOUS_REGION = "autonomous_region", "自治区"
    PREFECTURE_LEVEL_CITY = "prefecture_level_city", "地级市"
    AUTONOMOUS_PREFECTURE = "autonomous_prefecture", "自治州"
    LEAGUE = "league", "盟"
    PREFECTURE = "prefecture", "地区"
    PSEUDO = "pseudo", "直辖"  # «市辖区», «省直辖县级行政区划»: rows that only hold the code tree together
    COUNTY_LEVEL_CITY = "county_level_city", "县级市"
    DISTRICT = "district", "市辖区"
    COUNTY = "county", "县"
    AUTONOMOUS_COUNTY = "autonomous_county", "自治县"
    BANNER = "banner", "旗"
    AUTONOMOUS_BANNER = "autonomous_banner", "自治旗"
    FORESTRY_DISTRICT = "forestry_district", "林区"
    SPECIAL_DISTRICT = "special_district", "特区"
    OTHER = "other", "其他"


class Division(models.Model):
    """One division: six-digit code, name, level, type and parent."""

    code = models.CharField("代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=60, db_index=True)
    level = models.CharField("层级", max_length=12, choices=DivisionLevel)
    type = models.CharField("类型", max_length=24, choices=DivisionType)
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name

    def ancestors_and_self(self) -> list["Division"]:
        """Province first, self last; no query where `parent__parent` was selected with the row."""
        line: list[Division] = [self]
        while line[0].parent_id:
            line.insert(0, line[0].parent)
        return line

    @property
    def full_name(self) -> str:
        """«云南省丽江市古城区»; rows that only hold the code tree together are not said."""
        return "".join(d.name for d in self.ancestors_and_self() if d.type != DivisionType.PSEUDO)

    @property
    def path(self) -> str:
        """«云南省/丽江市/古城区»: the division as a value of the place facet of the search, what is above it first."""
        return "/".join(d.name for d in self.ancestors_and_self() if d.type != DivisionType.PSEUDO)

    @property
    def province(self) -> "Division":
        return self.ancestors_and_self()[0]
