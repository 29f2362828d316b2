"""Pictures of the demo, painted by code so that nothing has to be licensed: layered ridges under a sky, one motif each."""

import io
import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900


@dataclass(frozen=True, slots=True)
class Scene:
    title: str
    sky: tuple[tuple[int, int, int], tuple[int, int, int]]  # top, horizon
    near: tuple[int, int, int]  # colour of the nearest ridge
    motif: str
    seed: int


SCENES = {
    "market": Scene("连廊下的周末市集（示意图）", ((222, 205, 180), (248, 236, 214)), (74, 98, 88), "stalls", 3),
    "trail": Scene("苍山西坡步道（示意图）", ((146, 176, 188), (232, 236, 226)), (34, 66, 62), "trail", 5),
    "spring": Scene("冬日汤池（示意图）", ((120, 138, 158), (226, 220, 214)), (58, 72, 84), "steam", 8),
    "school": Scene("讲解员结业（示意图）", ((196, 208, 196), (246, 240, 222)), (60, 92, 70), "roofs", 12),
    "library": Scene("旧粮仓里的图书馆（示意图）", ((206, 188, 160), (244, 232, 210)), (96, 74, 54), "granary", 17),
    "train": Scene("穿过峡谷的夜车（示意图）", ((34, 46, 72), (150, 132, 140)), (22, 32, 46), "train", 21),
    "lantern": Scene("新春灯会效果示意图", ((44, 26, 36), (156, 70, 56)), (40, 22, 28), "lanterns", 26),
}


def paint(name: str) -> bytes:
    """JPEG (1600 × 900) of a scene; the same bytes for the same name."""
    scene = SCENES[name]
    chance = random.Random(scene.seed)  # noqa: S311 (a picture, not a secret)
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    top, horizon = scene.sky
    for y in range(HEIGHT):
        share = min(1.0, y / (HEIGHT * 0.62))
        draw.line([(0, y), (WIDTH, y)], fill=_mix(top, horizon, share))
    _sun(image, scene, chance)
    for layer in range(5):
        _ridge(image, scene, chance, layer)
    _MOTIFS[scene.motif](image, scene, chance)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88, optimize=True)
    return buffer.getvalue()


def _mix(one, other, share: float) -> tuple[int, int, int]:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


def _sun(image: Image.Image, scene: Scene, chance: random.Random) -> None:
    glow = Image.new("L", image.size, 0)
    x, y, radius = chance.randint(900, 1300), chance.randint(150, 260), chance.randint(46, 70)
    ImageDraw.Draw(glow).ellipse([x - radius, y - radius, x + radius, y + radius], fill=210)
    soft = glow.filter(ImageFilter.GaussianBlur(60))
    image.paste(Image.new("RGB", image.size, (255, 244, 220)), mask=soft)
    image.paste(Image.new("RGB", image.size, (255, 238, 206)), mask=glow.filter(ImageFilter.GaussianBlur(2)))


def _ridge(image: Image.Image, scene: Scene, chance: random.Random, layer: int) -> None:
    """One mountain ridge as a sum of sines; farther ridges are paler and higher up."""
    base = HEIGHT * (0.42 + 0.12 * layer)
    waves = [
        (chance.uniform(20, 90) / (k + 1), chance.uniform(0.6, 2.2) * (k + 1), chance.uniform(0, 6.3)) for k in range(5)
    ]
    points = [(0, HEIGHT)]
    for x in range(0, WIDTH + 8, 8):
        height = sum(size * math.sin(rate * x / WIDTH * 6.283 + phase) for size, rate, phase in waves)
        points.append((x, base - height))
    points.append((WIDTH, HEIGHT))
    ImageDraw.Draw(image).polygon(points, fill=_mix(scene.sky[1], scene.near, (layer + 1) / 5))


def _stalls(image, scene, chance):
    draw = ImageDraw.Draw(image)
    for number in range(8):
        x = 60 + number * 190
        cloth = [(178, 74, 58), (214, 158, 82), (70, 112, 104), (148, 96, 72)][number % 4]
        draw.rectangle([x + 14, 700, x + 22, 860], fill=(60, 48, 40))
        draw.rectangle([x + 138, 700, x + 146, 860], fill=(60, 48, 40))
        for stripe in range(8):
            colour = cloth if stripe % 2 else (244, 234, 216)
            draw.polygon(
                [
                    (x + stripe * 20, 700),
                    (x + stripe * 20 + 20, 700),
                    (x + stripe * 20 + 24, 650),
                    (x + stripe * 20 + 4, 650),
                ],
                fill=colour,
            )
        draw.rectangle([x + 8, 790, x + 152, 806], fill=(112, 84, 60))
        for pot in range(4):
            left = x + 22 + pot * 32
            draw.ellipse([left, 764, left + 24, 792], fill=_mix((170, 110, 80), (90, 120, 120), chance.random()))


def _trail(image, scene, chance):
    draw = ImageDraw.Draw(image)
    for step in range(60):
        y = 880 - step * 5.4
        x = 700 + 190 * math.sin(step / 9) * (1 - step / 80)
        width = max(2, 22 * (1 - step / 66))
        draw.ellipse([x - width, y - width / 5, x + width, y + width / 5], fill=(226, 216, 190))


def _steam(image, scene, chance):
    cloud = Image.new("L", image.size, 0)
    draw = ImageDraw.Draw(cloud)
    for _ in range(46):
        x, y, r = chance.randint(150, 1450), chance.randint(470, 800), chance.randint(30, 130)
        draw.ellipse([x - r, y - r // 2, x + r, y + r // 2], fill=chance.randint(30, 90))
    image.paste(Image.new("RGB", image.size, (244, 244, 240)), mask=cloud.filter(ImageFilter.GaussianBlur(34)))
    ImageDraw.Draw(image).ellipse([240, 770, 1360, 1010], fill=(146, 180, 178))


def _roofs(image, scene, chance):
    draw = ImageDraw.Draw(image)
    for number in range(9):
        x, width, y = number * 190 - 40, 210, 720 + (number % 3) * 34
        draw.polygon([(x - 20, y), (x + width / 2, y - 74), (x + width + 20, y)], fill=(66, 70, 72))
        draw.rectangle([x + 12, y, x + width - 12, 900], fill=(232, 222, 202))
        for window in range(3):
            left = x + 34 + window * 52
            draw.rectangle([left, y + 40, left + 26, y + 80], fill=(120, 84, 58))


def _granary(image, scene, chance):
    draw = ImageDraw.Draw(image)
    for number in range(7):
        x = 40 + number * 222
        draw.polygon([(x, 640), (x + 95, 560), (x + 190, 640)], fill=(88, 64, 48))
        draw.rectangle([x + 12, 640, x + 178, 880], fill=(200, 170, 132))
        for shelf in range(4):
            y = 664 + shelf * 52
            for book in range(11):
                colour = _mix((150, 70, 54), (60, 104, 100), chance.random())
                draw.rectangle([x + 24 + book * 13, y, x + 33 + book * 13, y + 38], fill=colour)


def _train(image, scene, chance):
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 762, WIDTH, 772], fill=(60, 62, 74))
    for car in range(7):
        x = 40 + car * 226
        draw.rounded_rectangle([x, 686, x + 216, 760], radius=16, fill=(52, 74, 84))
        for window in range(6):
            left = x + 16 + window * 33
            draw.rounded_rectangle([left, 702, left + 22, 728], radius=4, fill=(255, 220, 150))
    for _ in range(90):
        x, y = chance.randint(0, WIDTH), chance.randint(0, 330)
        draw.point([(x, y), (x + 1, y)], fill=(240, 236, 220))


def _lanterns(image, scene, chance):
    glow = Image.new("RGB", image.size)
    light = ImageDraw.Draw(glow)
    spots = [(chance.randint(40, 1560), chance.randint(240, 820), chance.randint(18, 52)) for _ in range(62)]
    for x, y, r in spots:
        light.ellipse([x - r * 2, y - r * 2, x + r * 2, y + r * 2], fill=(120, 48, 20))
    image.paste(
        Image.blend(image, Image.composite(glow, image, glow.convert("L")), 0.6).filter(ImageFilter.GaussianBlur(3))
    )
    draw = ImageDraw.Draw(image)
    for x, y, r in sorted(spots, key=lambda spot: spot[2]):
        draw.line([(x, y - r * 1.9), (x, y - r)], fill=(90, 40, 30), width=2)
        draw.ellipse([x - r, y - r * 0.86, x + r, y + r * 0.86], fill=_mix((206, 52, 38), (248, 150, 64), r / 60))
        draw.rectangle([x - r * 0.4, y - r, x + r * 0.4, y - r * 0.82], fill=(236, 190, 100))
        draw.rectangle([x - r * 0.4, y + r * 0.82, x + r * 0.4, y + r], fill=(236, 190, 100))


_MOTIFS = {
    "stalls": _stalls, "trail": _trail, "steam": _steam, "roofs": _roofs, "granary": _granary, "train": _train,
    "lanterns": _lanterns,
}  # fmt: skip
