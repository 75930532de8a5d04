"""No way out: for as long as it lasts, no connection to anywhere can be made."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

from summarizer.errors import NetworkBlocked

_pairing = threading.local()


@contextlib.contextmanager
def no_network(reason: str = "while a cassette is played") -> Iterator[None]:
    """Within it, whoever in this process looks up a host or connects to one gets a `NetworkBlocked`.

    That names the host and ``reason``. What asyncio needs for itself works: pairs of sockets, and sockets of the
    file system. Python's own sockets are what is held; a library that opens connections in C (uvloop) is not.
    """
    socket_class = _python_socket()
    with contextlib.ExitStack() as undo:
        for name in ("connect", "connect_ex", "sendto", "sendmsg"):
            if hasattr(socket_class, name):
                _replace(undo, socket_class, name, _guarded(name, getattr(socket_class, name), reason))
        for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            _replace(undo, socket, name, _unresolved(reason, getattr(socket, name), known=_is_address))
        for name in ("gethostbyaddr", "getnameinfo"):
            _replace(undo, socket, name, _unresolved(reason, getattr(socket, name), known=_is_here))
        _replace(undo, socket, "socketpair", _paired(socket.socketpair))
        yield


def _replace(undo: contextlib.ExitStack, owner: Any, name: str, replacement: object) -> None:
    """Put ``replacement`` in the place of an attribute, until ``undo``."""
    if name in vars(owner):
        undo.callback(setattr, owner, name, vars(owner)[name])
    else:
        undo.callback(delattr, owner, name)
    setattr(owner, name, replacement)


def _python_socket() -> type:
    """The class that all of Python's sockets are of, whoever has put a subclass in its place."""
    return next(each for each in socket.socket.__mro__ if each.__module__ == "socket")


def _guarded(name: str, original: Callable[..., Any], reason: str) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if _leads_out(self, name, arguments):
            if name == "connect":
                self.close()  # whoever asked for it does so after an OSError, and this is none: nobody may swallow it
            raise _blocked(arguments[-1] if arguments else None, reason)
        return original(self, *arguments)

    return guarded


def _leads_out(used: socket.socket, name: str, arguments: tuple[Any, ...]) -> bool:
    """Whether a call names an address beyond this process; sendmsg does in its fourth argument, if at all."""
    if used.family == getattr(socket, "AF_UNIX", None) or getattr(_pairing, "now", False):
        return False
    return name != "sendmsg" or (len(arguments) > 3 and arguments[3] is not None)


def _unresolved(reason: str, original: Callable[..., Any], *, known: Callable[[Any], bool]) -> Callable[..., Any]:
    """``original``, which looks up a host or an address, but for those that are ``known`` without asking anyone."""

    def unresolved(asked: Any, *arguments: Any, **options: Any) -> Any:
        host = asked[0] if isinstance(asked, tuple) and asked else asked
        if host is None or known(host):
            return original(asked, *arguments, **options)
        raise _blocked((host, *arguments) if host is asked else asked, reason)

    return unresolved


def _paired(original: Callable[..., Any]) -> Callable[..., Any]:
    """Where the system has no pairs, Python connects two sockets of this machine."""

    def paired(*arguments: Any, **options: Any) -> Any:
        _pairing.now = True
        try:
            return original(*arguments, **options)
        finally:
            _pairing.now = False

    return paired


def _is_address(host: Any) -> bool:
    """Whether ``host`` is a number, for which nobody is asked."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError, ValueError):
            socket.inet_pton(family, text.partition("%")[0])
            return True
    return text == ""


def _is_here(host: Any) -> bool:
    """Whether ``host`` is this machine, of which servers in tests ask for the name."""
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    return text in ("", "localhost", "::1", "0.0.0.0", "::", socket.gethostname()) or (  # noqa: S104  nothing is bound
        text.startswith("127.") and _is_address(text)
    )


def _blocked(address: Any, reason: str) -> NetworkBlocked:
    parts = address if isinstance(address, tuple) else (address,)
    host = parts[0].decode("ascii", "replace") if isinstance(parts[0], bytes) else parts[0]
    port = f":{parts[1]}" if len(parts) > 1 and parts[1] else ""
    return NetworkBlocked(
        f"No connection to {host}{port} can be made {reason}.",
        hint="Record what is asked there, or put something of your own in its place.",
    )
