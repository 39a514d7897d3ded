"""The eight people of the demo, one per role (DOORS)."""

from accounts.models import Role, Team, User, UserRole
from crm.demo_gate import DEMO_PASSWORD

PEOPLE = {
    "alice": ("Alice Brandt", "account_manager", "North"),
    "bob": ("Bob Novak", "account_manager", "North"),
    "charlie": ("Charlie Weber", "account_manager", "South"),
    "tess": ("Tess Lindqvist", "supervisor", "North"),
    "erin": ("Erin Castellano", "executive", None),
    "ada": ("Ada Kowalska", "administrator", None),
    "olga": ("Olga Petrova", "operations", None),
    "finn": ("Finn Jensen", "finance", None),
}


def make_people() -> dict[str, User]:
    """Two teams below one, the people and their roles. They sign in on this machine only (crm.demo_gate)."""
    sales = Team.objects.create(name="Sales")
    teams = {name: Team.objects.create(name=name, parent=sales) for name in ("North", "South")}
    people = {}
    for username, (name, role, team) in PEOPLE.items():
        person = User(username=username, name=name, email=f"{username}@demo.invalid", is_demo=True)
        person.team = teams[team] if team else None
        person.set_password(DEMO_PASSWORD)
        person.save()
        UserRole.objects.create(user=person, role=Role.objects.get(code=role))
        people[username] = person
    teams["North"].supervisor = people["tess"]
    teams["North"].save()
    return people
