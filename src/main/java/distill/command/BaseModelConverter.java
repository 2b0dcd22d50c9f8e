package distill.command;

import distill.nn.zoo.BaseModel;

/** Turns {@code resnet50v2} into the network. */
public final class BaseModelConverter extends LabelConverter<BaseModel> {

    public BaseModelConverter() {
        super(BaseModel::of);
    }
}
