# SPDX-License-Identifier: GPL-2.0
# What user space has of the module: the command, and what fuzzes it.
KERNEL_KMOD := cell.o class.o class_udp.o domain.o frame.o guest.o packet.o \
	policy.o rules.o seal.o selector.o tables.o
