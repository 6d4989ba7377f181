# SPDX-License-Identifier: GPL-2.0
"""Where a loaded module's code lies, and which of its functions call what.

Sections, symbols and relocations come from the module's file, the addresses of
its sections from /sys/module.
"""

import struct

SHT_SYMTAB, SHT_RELA = 2, 4
SHF_EXECINSTR, STT_FUNC, STT_SECTION = 4, 2, 3


class Module:
    """A module's file, beside the module in the kernel."""

    def __init__(self, path, name):
        with open(path, "rb") as file:
            self.data = file.read()
        self.where = f"/sys/module/{name}/sections/"
        self.sections = self._sections()
        self.symbols = self._symbols()

    def _sections(self):
        offset, = struct.unpack_from("<Q", self.data, 40)
        size, count, names = struct.unpack_from("<HHH", self.data, 58)
        heads = [struct.unpack_from("<IIQQQQIIQQ", self.data, offset + i * size)
                 for i in range(count)]
        text = heads[names][4]
        return [{"name": self._string(text + head[0]), "type": head[1],
                 "code": bool(head[2] & SHF_EXECINSTR), "at": head[4],
                 "size": head[5], "link": head[6], "info": head[7]}
                for head in heads]

    def _string(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def _symbols(self):
        table = next(one for one in self.sections if one["type"] == SHT_SYMTAB)
        names = self.sections[table["link"]]["at"]
        found = []
        for at in range(table["at"], table["at"] + table["size"], 24):
            name, info, _, index, value, size = struct.unpack_from(
                "<IBBHQQ", self.data, at)
            found.append({"name": self._string(names + name),
                          "type": info & 15, "section": index,
                          "at": value, "size": size})
        return found

    def _address(self, section):
        with open(self.where + section["name"], encoding="ascii") as file:
            return int(file.read(), 16)

    def _code(self):
        """Sections of code that stay after the module's init."""
        return [one for one in self.sections
                if one["code"] and one["size"] and
                not one["name"].startswith(".init")]

    def text(self):
        """(start, end) of the loaded code."""
        places = [(self._address(one), one["size"]) for one in self._code()]
        return (min(at for at, _ in places),
                max(at + size for at, size in places))

    def callers(self, prefixes):
        """{name: (start, end)} of the functions that call one of these."""
        found = {}
        for rela in self.sections:
            if rela["type"] != SHT_RELA:
                continue
            section = self.sections[rela["info"]]
            if section not in self._code():
                continue
            for at in range(rela["at"], rela["at"] + rela["size"], 24):
                offset, info = struct.unpack_from("<QQ", self.data, at)
                target = self.symbols[info >> 32]["name"]
                if not target.startswith(prefixes):
                    continue
                one = self._function(rela["info"], offset)
                start = self._address(section) + one["at"]
                found[one["name"]] = (start, start + one["size"])
        return found

    def _function(self, section, offset):
        return next(one for one in self.symbols
                    if one["type"] == STT_FUNC and one["section"] == section and
                    one["at"] <= offset < one["at"] + one["size"])
