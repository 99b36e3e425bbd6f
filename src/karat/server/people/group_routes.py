"""Groups of people, and what is said of members, over HTTP."""

from litestar import delete, get, patch, post, put
from litestar.types import ControllerRouterHandler

from karat.server.access import Actor
from karat.server.database import Database
from karat.server.people import groups
from karat.server.people.schemas import ChangeGroup, Group, Member, Traits
from karat.server.wire import decode


@get("/workspaces/{workspace:str}/groups", opt={"right": "people.see"})
async def list_groups(workspace: str, actor: Actor, db: Database) -> list[Group]:
    """The groups of a workspace."""
    return await db.read(groups.list_groups, actor, workspace=workspace)


@post("/workspaces/{workspace:str}/groups", opt={"right": "people.traits", "body": ChangeGroup})
async def make_group(workspace: str, body: bytes, actor: Actor, db: Database) -> Group:
    """Make a group of people."""
    return await db.write(groups.make, actor, workspace=workspace, given=decode(body, ChangeGroup))


@patch("/workspaces/{workspace:str}/groups/{group:str}", opt={"right": "people.traits", "body": ChangeGroup})
async def change_group(workspace: str, group: str, body: bytes, actor: Actor, db: Database) -> Group:
    """Rename a group, or put other people into it."""
    return await db.write(groups.change, actor, workspace=workspace, group=group, given=decode(body, ChangeGroup))


@delete("/workspaces/{workspace:str}/groups/{group:str}", opt={"right": "people.traits"})
async def delete_group(workspace: str, group: str, actor: Actor, db: Database) -> None:
    """Delete a group; its people stay in the workspace."""
    await db.write(groups.remove, actor, workspace=workspace, group=group)


@put("/workspaces/{workspace:str}/members/{member:str}/traits", opt={"right": "people.traits", "body": Traits})
async def describe_member(workspace: str, member: str, body: bytes, actor: Actor, db: Database) -> Member:
    """Say which skills and languages a member has."""
    return await db.write(groups.describe, actor, workspace=workspace, member=member, given=decode(body, Traits))


ROUTES: list[ControllerRouterHandler] = [list_groups, make_group, change_group, delete_group, describe_member]
