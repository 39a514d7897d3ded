from accounts.models.api_token import ApiToken
from accounts.models.company import Company
from accounts.models.role import Reach, Right, Role
from accounts.models.team import Team
from accounts.models.user import User, UserRole

__all__ = ["ApiToken", "Company", "Reach", "Right", "Role", "Team", "User", "UserRole"]
