from content.handovers.models import HandoverSheet
from search import registry

registry.exclude(HandoverSheet, "交接单只给双方和上级看，从“交接单”列表和消息里进入。")
