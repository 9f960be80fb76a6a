"""The ASGI app: `/control/*` and each mall under its base path."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import Mount

from jumun.simulator.control import make_routes
from jumun.simulator.coupang.mall import CoupangMall
from jumun.simulator.naver.mall import NaverMall
from jumun.simulator.world import Mall, World, new_world


def build(world: World | None = None) -> Starlette:
    """Return the app of one world, with every mall in it."""
    world = world or new_world()
    malls: list[Mall] = [NaverMall(world), CoupangMall(world)]
    for mall in malls:
        world.malls[mall.channel] = mall
    app = Starlette(
        routes=[
            Mount("/control", routes=make_routes(world)),
            *(Mount(mall.base_path, routes=mall.routes()) for mall in malls),
        ]
    )
    app.state.world = world
    return app
