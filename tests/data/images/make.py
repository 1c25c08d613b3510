#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the PNG files beside it, chunk by chunk, so that their pixels are known without a library.

Pixel (x, y) of an image of colour has red 10 + x, green 20 + y and blue 30 + x + y; grey is 10 + x + 4 y.
"""
import pathlib
import struct
import zlib

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 5, 3


def chunk(kind, data):
    return (struct.pack(">I", len(data)) + kind + data
            + struct.pack(">I", zlib.crc32(kind + data) & 0xFFFFFFFF))


def png(depth, colour, rows, *, width=WIDTH, height=HEIGHT, extra=b"", interlace=0, packed=None):
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9) if packed is None else packed
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour,
                                                             0, 0, interlace))
            + extra + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def grey(x, y):
    return 10 + x + 4 * y


def rgb(x, y):
    return bytes([10 + x, 20 + y, 30 + x + y])


def rows(pixel, xs=range(WIDTH), ys=range(HEIGHT)):
    return [b"".join(bytes([p]) if isinstance(p := pixel(x, y), int) else p for x in xs) for y in ys]


def adam7(pixel):
    """The seven passes of interlacing, in order."""
    found = []
    for x0, y0, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4),
                           (1, 0, 2, 2), (0, 1, 1, 2)]:
        xs, ys = range(x0, WIDTH, dx), range(y0, HEIGHT, dy)
        if xs and ys:
            found += rows(pixel, xs, ys)
    return found


def palette():
    colours = [rgb(x, y) for y in range(HEIGHT) for x in range(WIDTH)]
    index = [bytes([WIDTH * y + x for x in range(WIDTH)]) for y in range(HEIGHT)]
    return png(8, 3, index, extra=chunk(b"PLTE", b"".join(colours)))


def one_bit():
    """Pixel (x, y) is white where x + y is odd."""
    bits = [sum(((x + y) % 2) << (7 - x) for x in range(WIDTH)) for y in range(HEIGHT)]
    return png(1, 0, [bytes([row]) for row in bits])


FILES = {
    "grey.png": png(8, 0, rows(grey)),
    "rgb.png": png(8, 2, rows(rgb)),
    # A gamma that a reader of pixels must not apply.
    "gamma.png": png(8, 0, rows(grey), extra=chunk(b"gAMA", struct.pack(">I", 100000))),
    "opaque.png": png(8, 6, rows(lambda x, y: rgb(x, y) + b"\xff")),
    "transparent.png": png(8, 6, rows(lambda x, y: rgb(x, y) + (b"\xfe" if x == y else b"\xff"))),
    "interlaced.png": png(8, 2, adam7(rgb), interlace=1),
    "palette.png": palette(),
    "one_bit.png": one_bit(),
    "deep.png": png(16, 0, rows(lambda x, y: struct.pack(">H", 1000 + x))),
    "short.png": png(8, 0, rows(grey))[:-25],
    # A header that claims a gigapixel over a few bytes of zeros.
    "bomb.png": png(8, 0, [], width=32768, height=32768, packed=zlib.compress(bytes(1 << 20), 9)),
    "wide.png": png(8, 0, [], width=1 << 30, height=1, packed=zlib.compress(bytes(64), 9)),
    "damaged.png": png(8, 0, rows(grey)).replace(b"IDAT", b"IDAT\x07", 1)[:-1],
}

for name, data in FILES.items():
    (HERE / name).write_bytes(data)
